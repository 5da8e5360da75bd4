// The seccomp profile of config.json, compiled to what init loads last (config-linux.md#seccomp).

import { fail } from '../failure.js';
import type { Addon } from '../native/addon.js';
import { asksAgent } from '../plan/seccomp.js';
import type { Seccomp } from '../spec/config/seccomp.js';
import { namesOf, numbersOf } from './seccomp-words.js';

/** A filter ready for seccomp(2). */
export interface CompiledSeccomp {
  /** Array of struct sock_filter, in the byte order of this machine. */
  readonly filter: Uint8Array;
  /** SECCOMP_FILTER_FLAG_*. */
  readonly flags: number;
  /** Names of no system call of this machine; their rules are left out, as runc does. */
  readonly unknown: readonly string[];
}

const NEW_LISTENER = 1 << 3;
const WAIT_KILLABLE_RECV = 1 << 5;

/** TSYNC is left out: the filter is for one thread (runc does so too). */
const flagBits: Record<NonNullable<Seccomp['flags']>[number], number> = {
  SECCOMP_FILTER_FLAG_TSYNC: 0,
  SECCOMP_FILTER_FLAG_LOG: 1 << 1,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW: 1 << 2,
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: WAIT_KILLABLE_RECV,
};

/** BPF_MAXINSNS: a longer program is refused by the kernel with a bare EINVAL. */
const LONGEST = 4096;
const INSTRUCTION = 8;

/** Compiles `linux.seccomp`. Throws `Failed` with a pointer for what a profile cannot say. */
export function compileSeccomp(
  profile: Seccomp,
  addon: Pick<Addon, 'compileSeccomp'>,
): CompiledSeccomp {
  const words = numbersOf(profile);
  const { filter, unknown } = addon.compileSeccomp(words, namesOf(profile));
  const length = filter.length / INSTRUCTION;
  if (length > LONGEST) {
    fail({
      doing: 'compile the seccomp profile',
      pointer: '/linux/seccomp',
      cause: `the filter has ${length} instructions, the kernel takes ${LONGEST}`,
      remedy: 'put calls that are treated alike, whatever their arguments, into rules without args',
    });
  }
  return { filter, unknown, flags: flagsOf(profile) };
}

/** `flags` absent means SPEC_ALLOW and an empty list means none, as in runc. */
function flagsOf(profile: Seccomp): number {
  const { flags = ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'] } = profile;
  const bits = flags.reduce((all, flag) => all | flagBits[flag], 0);
  // The kernel refuses WAIT_KILLABLE_RECV for a filter without a listener (seccomp(2)).
  return asksAgent(profile) ? bits | NEW_LISTENER : bits & ~WAIT_KILLABLE_RECV;
}
