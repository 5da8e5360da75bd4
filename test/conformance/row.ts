// A row of the conformance table: a property of the specification, its rule, and the cases that
// show whether a runtime keeps it. The table and the end-to-end tests of the properties are both
// made from these.

import type { RigOptions } from '../rig/rig.js';
import type { Subject } from './subject.js';

/** Whose containers a case is about. */
export type Way = 'root' | 'user';

/** Throws when the runtime does not do what the name of the case says. */
export type Check = (subject: Subject) => Promise<unknown>;

export interface Case {
  /** As a promise: `is entered`. */
  readonly name: string;
  readonly ways: readonly Way[];
  /** Why it cannot be looked at on this machine. */
  readonly lacking?: string;
  readonly options?: RigOptions;
  readonly check: Check;
}

export interface Row {
  readonly name: string;
  readonly rule: string;
  readonly cases: readonly Case[];
}

export interface Section {
  readonly title: string;
  /** What a runtime must be able to use on this machine. */
  readonly uses?: 'cgroups';
  readonly rows: readonly Row[];
}

type Unnamed = Omit<Case, 'name'>;

/** A row; a bare check is for root and for an ordinary user. */
export function row(name: string, rule: string, cases: Record<string, Check | Unnamed>): Row {
  const named = Object.entries(cases).map(([title, one]) => ({
    name: title,
    ...(typeof one === 'function' ? bothWays(one) : one),
  }));
  return { name, rule, cases: named };
}

export const bothWays = (check: Check, options?: RigOptions) =>
  made(['root', 'user'], check, options);
export const asRoot = (check: Check, options?: RigOptions) => made(['root'], check, options);
export const asUser = (check: Check, options?: RigOptions) => made(['user'], check, options);

function made(ways: readonly Way[], check: Check, options?: RigOptions): Unnamed {
  return { ways, check, ...(options && { options }) };
}

/** The same case where `condition` holds; elsewhere it is untested for `reason`. */
export function needs(condition: boolean, reason: string, one: Unnamed | Check): Unnamed {
  const found = typeof one === 'function' ? bothWays(one) : one;
  return condition ? found : { ...found, lacking: reason };
}
