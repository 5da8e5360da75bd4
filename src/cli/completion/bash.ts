// Completion for bash(1), section Programmable Completion.

import { type CompletedVerb, type Completion, spellings } from './model.js';

/** A script to be sourced. */
export function bashScript(model: readonly CompletedVerb[]): string {
  return `# bash completion for sampan: source <(sampan completion bash)

# Completes what a flag or argument of a command takes: _sampan_value "COMMAND WORD"
_sampan_value() {
  case $1 in
${values(model)}
  *) return 1 ;;
  esac
}

_sampan_from() {
  local kind=$1
  shift
  case $kind in
  file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
  directory) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
  container) mapfile -t COMPREPLY < <(compgen -W "$(sampan "\${root[@]}" list -q 2>/dev/null)" -- "$cur") ;;
  words) mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur") ;;
  nothing) COMPREPLY=() ;;
  esac
}

_sampan_flags() {
  case $1 in
${flags(model)}
  esac
}

_sampan() {
  local cur=\${COMP_WORDS[COMP_CWORD]} verb='' count=0 index=1 word value
  local root=()
  COMPREPLY=()
  # --flag=value arrives as three words.
  [[ $cur == = ]] && cur=''
  while ((index < COMP_CWORD)); do
    word=\${COMP_WORDS[index]}
    index=$((index + 1))
    if [[ $word == -* ]]; then
      if (_sampan_value "$verb $word") >/dev/null 2>&1; then
        [[ \${COMP_WORDS[index]} == = ]] && index=$((index + 1))
        if ((index >= COMP_CWORD)); then
          _sampan_value "$verb $word"
          return
        fi
        value=\${COMP_WORDS[index]}
        [[ -z $verb && $word == --root ]] && root=(--root "$value")
        index=$((index + 1))
      fi
    elif [[ -z $verb ]]; then
      verb=$word
    else
      count=$((count + 1))
    fi
  done
  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_sampan_flags "$verb")" -- "$cur")
  elif [[ -z $verb ]]; then
    mapfile -t COMPREPLY < <(compgen -W '${verbNames(model)} help' -- "$cur")
  else
    _sampan_value "$verb $count" || _sampan_value "$verb rest"
  fi
}

complete -F _sampan sampan
`;
}

function verbNames(model: readonly CompletedVerb[]): string {
  return model
    .slice(1)
    .map(({ name }) => name)
    .join(' ');
}

function flags(model: readonly CompletedVerb[]): string {
  return model
    .map(({ name, flags }) => `  '${name}') echo '${flags.flatMap(spellings).join(' ')}' ;;`)
    .join('\n');
}

function values(model: readonly CompletedVerb[]): string {
  return model.flatMap((verb) => [...flagValues(verb), ...argumentValues(verb)]).join('\n');
}

function flagValues({ name, flags }: CompletedVerb): string[] {
  return flags.flatMap((flag) => {
    const words = spellings(flag).map((word) => `'${name} ${word}'`);
    return flag.value ? [`  ${words.join(' | ')}) _sampan_from ${source(flag.value)} ;;`] : [];
  });
}

function argumentValues(verb: CompletedVerb): string[] {
  return verb.arguments.map(
    (argument, index) =>
      `  '${verb.name} ${argument.rest ? 'rest' : index}') _sampan_from ${source(argument)} ;;`,
  );
}

function source(completion: Completion): string {
  return completion.kind === 'words' ? `words ${completion.words.join(' ')}` : completion.kind;
}
