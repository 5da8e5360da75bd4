// Help, laid out by yargs from the same tables that the arguments are parsed by.

import yargs, { type Argv, type Options } from 'yargs';
import { terminalWidth } from '../host/terminal-width.js';
import { globalFlags, helpFlags } from './flags/global.js';
import { print } from './print.js';
import { unknownCommand, usage } from './usage.js';
import type { Flag, Flags, Verb } from './verb.js';
import { loadVerb, loadVerbs, verbs } from './verbs.js';

/** Prints the help of a command, or of the program. */
export async function printHelp(name?: string): Promise<number> {
  const verb = name === undefined ? undefined : await loadVerb(name);
  if (name !== undefined && !verb) unknownCommand(name, Object.keys(verbs));
  const parser = verb ? verbHelp(verb) : programHelp(await loadVerbs());
  print(`${await parser.getHelp()}\n`);
  return 0;
}

/** Lines are no longer, however wide a terminal is. */
const WIDTH = 100;

function base(): Argv {
  const width = Math.min(terminalWidth(1) ?? WIDTH, WIDTH);
  return yargs([]).scriptName('sampan').version(false).help(false).wrap(width).locale('en');
}

function programHelp(all: readonly Verb[]): Argv {
  const parser = base().usage('sampan [global options] <command> [options] [arguments…]');
  for (const verb of all) parser.command(`${usage(verb).replace(' [options]', '')}`, verb.summary);
  return withFlags(parser, globalFlags).epilogue('sampan <command> --help tells more.');
}

function verbHelp(verb: Verb): Argv {
  const parser = base().usage(`sampan ${usage(verb)}\n\n${verb.summary}`);
  for (const argument of verb.arguments)
    parser.positional(argument.name, { describe: argument.description });
  for (const { command, description } of verb.examples)
    parser.example(`sampan ${command}`, description);
  return withFlags(parser, { ...verb.flags, ...helpFlags });
}

function withFlags(parser: Argv, flags: Flags): Argv {
  for (const [name, flag] of Object.entries(flags)) parser.option(name, optionOf(flag));
  return parser;
}

function optionOf(flag: Flag): Options {
  const common = {
    describe: describe(flag),
    hidden: flag.hidden ?? false,
    ...(flag.alias && { alias: flag.alias }),
  };
  if (flag.type === 'switch') return { ...common, type: 'boolean' };
  const type = flag.type === 'number' ? 'number' : 'string';
  const choices = flag.type === 'number' ? undefined : flag.choices;
  return {
    ...common,
    type,
    array: flag.repeat ?? false,
    ...(choices && { choices }),
    ...(flag.default !== undefined && { default: flag.default }),
  };
}

/** The description, with the form of the value where neither it nor a list of choices tells. */
function describe(flag: Flag): string {
  const { description } = flag;
  if (flag.type === 'switch' || ('choices' in flag && flag.choices)) return description;
  return description.includes(flag.value) ? description : `${description} (${flag.value})`;
}
