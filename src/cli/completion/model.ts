// What a shell has to know to complete a command line, taken from the verbs' tables.

import { globalFlags, helpFlags } from '../flags/global.js';
import type { Argument, Flag, Flags, Verb } from '../verb.js';

/** How a value is completed: from the file system, from fixed words, or not at all. */
export type Completion =
  | { readonly kind: 'file' | 'directory' | 'container' | 'nothing' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

/** A flag as a shell sees it. */
export interface CompletedFlag {
  readonly name: string;
  /** One letter, or none. */
  readonly alias?: string;
  readonly description: string;
  readonly repeat: boolean;
  /** How its value is completed; absent when it takes none. */
  readonly value?: Completion;
  /** Name of the value. */
  readonly valueName?: string;
}

/** A command as a shell sees it; the program itself has the name ''. */
export interface CompletedVerb {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  readonly arguments: readonly (Completion & { readonly name: string; readonly rest: boolean })[];
}

/** The program's own options first, then each verb. */
export function completionModel(verbs: readonly Verb[]): readonly CompletedVerb[] {
  const program = { name: '', summary: '', flags: flagsOf(globalFlags), arguments: [] };
  return [program, ...verbs.map(verbModel)];
}

function verbModel(verb: Verb): CompletedVerb {
  const flags = flagsOf({ ...verb.flags, ...helpFlags });
  return { name: verb.name, summary: verb.summary, flags, arguments: verb.arguments.map(argument) };
}

function argument({ name, rest, container, choices }: Argument) {
  return { name, rest: rest ?? false, ...argumentCompletion(container, choices) };
}

function argumentCompletion(container?: boolean, choices?: readonly string[]): Completion {
  if (container) return { kind: 'container' };
  return choices ? { kind: 'words', words: choices } : { kind: 'nothing' };
}

function flagsOf(flags: Flags): readonly CompletedFlag[] {
  return Object.entries(flags)
    .filter(([, flag]) => !flag.hidden)
    .map(([name, flag]) => flagModel(name, flag));
}

function flagModel(name: string, flag: Flag): CompletedFlag {
  const { alias, description } = flag;
  const common = { name, description, ...(alias && { alias }) };
  if (flag.type === 'switch') return { ...common, repeat: false };
  const value = valueCompletion(flag);
  return { ...common, repeat: flag.repeat ?? false, value, valueName: flag.value };
}

function valueCompletion(flag: Exclude<Flag, { type: 'switch' }>): Completion {
  if (flag.type === 'number') return { kind: 'nothing' };
  if (flag.choices) return { kind: 'words', words: flag.choices };
  return { kind: flag.type === 'text' ? 'nothing' : flag.type };
}

/** `--name` and `-x`. */
export function spellings({ name, alias }: CompletedFlag): readonly string[] {
  return alias ? [`--${name}`, `-${alias}`] : [`--${name}`];
}
