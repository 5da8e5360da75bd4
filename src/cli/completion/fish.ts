// Completion for fish (complete(1) of fish).

import type { CompletedFlag, CompletedVerb, Completion } from './model.js';

/** A script to be sourced. */
export function fishScript(model: readonly CompletedVerb[]): string {
  const [program, ...verbs] = model;
  return `# fish completion for sampan: sampan completion fish | source

# The command on the line so far: none, or the one given.
function __sampan_verb
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        switch $words[1]
${valueCase(program?.flags ?? [])}
            case '-*'
                set -e words[1]
            case '*'
                echo $words[1]
                return
        end
    end
end

function __sampan_in
    test "$(__sampan_verb)" = "$argv[1]"
end

function __sampan_containers
    set -l words (commandline -opc)
    set -l root
    if set -l at (contains -i -- --root $words)
        set root --root $words[(math $at + 1)]
    end
    sampan $root list -q 2>/dev/null
end

complete -c sampan -f
${(program?.flags ?? []).map((flag) => flagLine('', flag)).join('\n')}
${verbs.map(verbLine).join('\n')}
complete -c sampan -n '__sampan_in ""' -a help -d 'print help'
${verbs.flatMap(verbLines).join('\n')}
`;
}

/** Skips the value of a global option that stands in the next word. */
function valueCase(flags: readonly CompletedFlag[]): string {
  const words = flags.filter(({ value }) => value).map(({ name }) => `--${name}`);
  return `            case ${words.join(' ')}
                set -e words[1]
                set -e words[1]`;
}

function verbLine({ name, summary }: CompletedVerb): string {
  return `complete -c sampan -n '__sampan_in ""' -a ${name} -d ${quoted(summary)}`;
}

function verbLines(verb: CompletedVerb): string[] {
  return [
    ...verb.flags.map((flag) => flagLine(verb.name, flag)),
    ...verb.arguments.flatMap((argument) => argumentLine(verb.name, argument)),
  ];
}

function flagLine(verb: string, { name, alias, description, value }: CompletedFlag): string {
  const condition = `-n '__sampan_in "${verb}"'`;
  const short = alias ? ` -s ${alias}` : '';
  const takes = value ? ` ${valueOption(value)}` : '';
  return `complete -c sampan ${condition} -l ${name}${short}${takes} -d ${quoted(description)}`;
}

function valueOption(value: Completion): string {
  switch (value.kind) {
    case 'file':
      return '-r -F';
    case 'directory':
      return "-x -a '(__fish_complete_directories)'";
    default:
      return `-x${source(value)}`;
  }
}

function argumentLine(verb: string, argument: Completion): string[] {
  const words = source(argument);
  return words === '' ? [] : [`complete -c sampan -n '__sampan_in "${verb}"'${words}`];
}

function source(completion: Completion): string {
  if (completion.kind === 'container') return " -a '(__sampan_containers)'";
  return completion.kind === 'words' ? ` -a '${completion.words.join(' ')}'` : '';
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
