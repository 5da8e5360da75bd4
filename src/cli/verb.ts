// How a command is described. Parsing, help, completion and the errors are all made from this.

import type { Context } from '../container/context.js';

/** What a flag takes. `file` and `directory` are texts that a shell can complete. */
export type Flag = {
  readonly description: string;
  /** One letter. */
  readonly alias?: string;
  /** Works, and is not shown in help. */
  readonly hidden?: true;
} & (
  | {
      readonly type: 'switch';
      /** `--tty=WORD` is taken for `--tty`, as crun does. */
      readonly anyWord?: true;
    }
  | {
      readonly type: 'text' | 'file' | 'directory';
      /** Name of the value in help. */
      readonly value: string;
      /** Given once for each value. */
      readonly repeat?: true;
      readonly choices?: readonly string[];
      readonly default?: string;
    }
  | {
      readonly type: 'number';
      readonly value: string;
      readonly repeat?: true;
      readonly min: number;
      readonly max: number;
      readonly default?: number;
    }
);

/** Flags by their long name. */
export type Flags = Readonly<Record<string, Flag>>;

type Scalar<F extends Flag> = F extends { type: 'number' }
  ? number
  : F extends { choices: readonly (infer Choice)[] }
    ? Choice
    : string;

type ValueOf<F extends Flag> = F extends { type: 'switch' }
  ? boolean
  : F extends { repeat: true }
    ? readonly Scalar<F>[]
    : F extends { default: string | number }
      ? Scalar<F>
      : Scalar<F> | undefined;

/** The values of parsed flags, under their long names. */
export type Values<F extends Flags> = { readonly [Name in keyof F]: ValueOf<F[Name]> };

/** A positional argument. */
export interface Argument {
  readonly name: string;
  readonly description: string;
  readonly optional?: true;
  /** Takes all that follow. */
  readonly rest?: true;
  readonly choices?: readonly string[];
  /** A container's id, completed from `list -q`. */
  readonly container?: true;
}

/** One use of a command, for its help. */
export interface Example {
  readonly command: string;
  readonly description: string;
}

/** A command line that was understood. */
export interface Call<F extends Flags = Flags> {
  /** Where the containers are; fails when there is no such place. */
  readonly context: () => Context;
  readonly cgroupManager: Context['cgroupManager'];
  readonly flags: Values<F>;
  /** The first argument, the container's id in most commands; empty when there is none. */
  readonly id: string;
  /** The arguments after it. */
  readonly rest: readonly string[];
}

/** A command. */
export interface Verb<F extends Flags = Flags> {
  readonly name: string;
  /** One line, lower case. */
  readonly summary: string;
  readonly arguments: readonly Argument[];
  readonly flags: F;
  readonly examples: readonly Example[];
  /** Flags end at the first argument; what follows belongs to another program. */
  readonly passesOn?: true;
  /** Exit status of its own failures, where it is not 1. */
  readonly failureCode?: number;
  /** Carries it out; the result is the exit status. */
  run(call: Call<F>): number | Promise<number>;
}

/** Types a verb's flags by its own table. */
export function verb<const F extends Flags>(description: Verb<F>): Verb<F> {
  return description;
}

/** Leaves out what was not given, as optional properties want it. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
