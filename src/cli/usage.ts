// What was wrong with a command line, in one line.

import { type Failure, fail } from '../failure.js';
import { nearest } from '../spec/nearest.js';
import { globalFlags } from './flags/global.js';
import type { Problem } from './parse.js';
import type { Flags, Verb } from './verb.js';

/** A problem with a flag; `command` is the verb, or the program for a global option. */
export function flagFailure(command: string, table: Flags, problem: Problem): Failure {
  const { flag, cause, unknown } = problem;
  const help = command === 'sampan' ? 'sampan --help' : `sampan ${command} --help`;
  const meant = unknown && meantFlag(command, table, flag.replace(/^-+/, ''));
  return { doing: command, path: flag, cause, remedy: meant || `see ${help}` };
}

function meantFlag(command: string, table: Flags, name: string): string | undefined {
  if (Object.hasOwn(globalFlags, name)) return `it is for all commands: write it before ${command}`;
  const close = nearest(name, Object.keys(table));
  return close && `did you mean --${close}`;
}

/** Commands of runc that need CRIU. */
const CRIU: readonly string[] = ['checkpoint', 'restore'];
const WITHOUT_CRIU = {
  cause: 'not supported: sampan cannot save the state of processes',
  remedy: 'pause and resume hold a container still',
};

/** A command that there is none of. */
export function unknownCommand(name: string, names: readonly string[]): never {
  const close = nearest(name, names);
  if (CRIU.includes(name)) return fail({ doing: 'sampan', path: name, ...WITHOUT_CRIU });
  return fail({
    doing: 'sampan',
    path: name,
    cause: 'unknown command',
    remedy: close ? `did you mean ${close}` : 'see sampan --help',
  });
}

/** Fails when there are fewer or more arguments than the verb takes, or others than it knows. */
export function checkArguments(verb: Verb, args: readonly string[]): void {
  checkCount(verb, args);
  verb.arguments.forEach(({ name, choices }, index) => {
    const got = args[index];
    if (got === undefined || !choices || choices.includes(got)) return;
    const cause = `expected one of ${choices.join(', ')}, got ${JSON.stringify(got)}`;
    fail({ doing: `${verb.name}: ${name}`, cause });
  });
}

function checkCount(verb: Verb, args: readonly string[]): void {
  const needed = verb.arguments.filter(({ optional }) => !optional);
  const most = verb.arguments.some(({ rest }) => rest) ? Infinity : verb.arguments.length;
  if (args.length >= needed.length && args.length <= most) return;
  const missing = needed[args.length];
  const cause = missing
    ? `argument ${missing.name} is missing`
    : `unexpected argument ${JSON.stringify(args[most])}`;
  fail({ doing: verb.name, cause, remedy: `usage: sampan ${usage(verb)}` });
}

/** `kill [options] container-id [signal]`. */
export function usage(verb: Verb): string {
  const words = verb.arguments.map(({ name, optional, rest }) => {
    const shown = `${name}${rest ? '…' : ''}`;
    return optional ? `[${shown}]` : `<${shown}>`;
  });
  return [verb.name, '[options]', ...words].join(' ');
}
