// argv → global options → one command → exit status.

import { Failed, fail } from '../failure.js';
import { cgroupManager, contextOf } from './context.js';
import { globalFlags, helpFlags } from './flags/global.js';
import { startLog } from './logging.js';
import { type Parsed, parse } from './parse.js';
import { checkArguments, flagFailure, unknownCommand } from './usage.js';
import type { Flags, Values, Verb } from './verb.js';
import { loadVerb, verbs } from './verbs.js';

type Globals = Values<typeof globalFlags>;

/** Carries out a command line (without the program's name). Throws `Failed`. */
export async function dispatch(argv: readonly string[]): Promise<number> {
  const { flags, args } = understood('sampan', globalFlags, argv, true);
  const [name, ...words] = args;
  if (flags.version || flags.V) return (await import('./version.js')).printVersion();
  if (flags.help || flags.usage || name === undefined)
    return (await import('./help.js')).printHelp();
  if (name === 'help' || name === 'h') return (await import('./help.js')).printHelp(words[0]);
  startLog(flags);
  const verb = (await loadVerb(name)) ?? unknownCommand(name, Object.keys(verbs));
  return runVerb(verb, words, flags);
}

async function runVerb(verb: Verb, words: readonly string[], globals: Globals): Promise<number> {
  const table = { ...verb.flags, ...helpFlags };
  const { flags, args } = understood(verb.name, table, words, verb.passesOn ?? false);
  if (flags.help || flags.usage) return (await import('./help.js')).printHelp(verb.name);
  checkArguments(verb, args);
  const [id = '', ...rest] = args;
  try {
    return await verb.run({ ...surroundings(globals), flags, id, rest });
  } catch (error) {
    throw error instanceof Failed
      ? new Failed(error.failure, error.exitCode ?? verb.failureCode)
      : error;
  }
}

function surroundings(globals: Globals) {
  return { context: () => contextOf(globals), cgroupManager: cgroupManager(globals) };
}

function understood<F extends Flags>(
  command: string,
  table: F,
  words: readonly string[],
  stopEarly: boolean,
): Parsed<F> & { ok: true } {
  const parsed = parse(table, words, stopEarly);
  return parsed.ok ? parsed : fail(flagFailure(command, table, parsed.problem));
}
