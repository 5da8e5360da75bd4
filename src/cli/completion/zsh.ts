// Completion for zsh (zshcompsys(1), _arguments).

import type { CompletedFlag, CompletedVerb, Completion } from './model.js';

/** A script to be put into a directory of $fpath as `_sampan`, or sourced. */
export function zshScript(model: readonly CompletedVerb[]): string {
  const [program, ...verbs] = model;
  return `#compdef sampan
# zsh completion for sampan: source <(sampan completion zsh)

_sampan_containers() {
  local -a ids
  ids=(\${(f)"$(_call_program containers sampan $sampan_root list -q 2>/dev/null)"})
  compadd -a ids
}

_sampan_commands() {
  local -a commands
  commands=(
${verbs.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
    'help:print help'
  )
  _describe command commands
}

_sampan() {
  local curcontext=$curcontext state line ret=1
  local -A opt_args
  local -a sampan_root
  _arguments -C \\
${(program?.flags ?? []).map((flag) => `    ${flagLine(flag)} \\\n`).join('')}    '1:command:_sampan_commands' \\
    '*::argument:->verb' && ret=0
  [[ $state == verb ]] || return ret
  [[ -n $opt_args[--root] ]] && sampan_root=(--root \${(q)opt_args[--root]})
  case $line[1] in
${verbs.map(verbCase).join('\n')}
  esac
  return ret
}

if [[ $funcstack[1] == _sampan ]]; then
  _sampan "$@"
else
  compdef _sampan sampan
fi
`;
}

function verbCase(verb: CompletedVerb): string {
  const lines = [...verb.flags.map(flagLine), ...verb.arguments.map(argumentLine)];
  return `  ${verb.name})
    _arguments -s \\
${lines.map((line) => `      ${line}`).join(' \\\n')} && ret=0
    ;;`;
}

function flagLine({ name, alias, description, repeat, value, valueName }: CompletedFlag): string {
  const text = `[${description.replace(/[[\]\\]/g, '\\$&').replaceAll(':', '\\:')}]`;
  const takes = value ? `:${valueName?.replaceAll(':', '\\:')}:${action(value)}` : '';
  const long = `--${name}${value ? '=' : ''}`;
  if (!alias) return quoted(`${repeat ? '*' : ''}${long}${text}${takes}`);
  const short = `-${alias}${value ? '+' : ''}`;
  const exclude = repeat ? '*' : `(-${alias} --${name})`;
  return `${quoted(exclude)}{${short},${long}}${quoted(`${text}${takes}`)}`;
}

function argumentLine(argument: CompletedVerb['arguments'][number], index: number): string {
  const place = argument.rest ? '*' : String(index + 1);
  return quoted(`${place}:${argument.name}:${action(argument)}`);
}

function action(completion: Completion): string {
  switch (completion.kind) {
    case 'file':
      return '_files';
    case 'directory':
      return '_files -/';
    case 'container':
      return '_sampan_containers';
    case 'words':
      return `(${completion.words.join(' ')})`;
    case 'nothing':
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
