// The seccomp profile of config.json, compiled to what init loads last (config-linux.md#seccomp).

import { Failed, type Failure } from '../failure.js';
import type { Addon, SystemError } from '../native/addon.js';
import type { Seccomp } from '../spec/config/seccomp.js';
import { namesOf, numbersOf, refuse } from './seccomp-words.js';

/** A filter ready for seccomp(2). */
export interface CompiledSeccomp {
  /** Array of struct sock_filter, in the byte order of this machine. */
  readonly filter: Uint8Array;
  /** SECCOMP_FILTER_FLAG_*. */
  readonly flags: number;
  /** Names that libseccomp does not know; their rules are left out, as runc does. */
  readonly unknown: readonly string[];
}

/**
 * TSYNC is left out because init has one thread (runc does so too), WAIT_KILLABLE_RECV because the
 * kernel refuses it for a filter without a listener (seccomp(2)).
 */
const flagBits: Record<NonNullable<Seccomp['flags']>[number], number> = {
  SECCOMP_FILTER_FLAG_TSYNC: 0,
  SECCOMP_FILTER_FLAG_LOG: 1 << 1,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW: 1 << 2,
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: 0,
};

/**
 * Compiles `linux.seccomp` for this kernel. Throws `Failed` with a pointer below
 * `/linux/seccomp` for what the profile cannot say or libseccomp refuses.
 */
export function compileSeccomp(
  profile: Seccomp,
  addon: Pick<Addon, 'compileSeccomp' | 'errorText'>,
): CompiledSeccomp {
  const words = numbersOf(profile);
  try {
    const { filter, unknown } = addon.compileSeccomp(words, namesOf(profile));
    return { filter, unknown, flags: flagsOf(profile) };
  } catch (error) {
    findBadName(profile);
    throw refusal(error, addon);
  }
}

/** Looked for only when the compilation failed: with a NUL in a name the addon counts too many. */
function findBadName({ syscalls = [] }: Seccomp): void {
  syscalls.forEach(({ names }, i) => {
    const j = names.findIndex((name) => name.includes('\0'));
    if (j >= 0) refuse(`/syscalls/${i}/names/${j}`, 'not the name of a system call');
  });
}

/** `flags` absent means SPEC_ALLOW and an empty list means none, as in runc. */
function flagsOf({ flags = ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'] }: Seccomp): number {
  return flags.reduce((bits, flag) => bits | flagBits[flag], 0);
}

/** What the addon threw, with the place in config.json. Anything else is a bug and stays one. */
function refusal(error: unknown, { errorText }: Pick<Addon, 'errorText'>): unknown {
  const { syscall, code, errno, rule, architecture } = error as SystemError & SeccompPlace;
  if (syscall === undefined) return error;
  const failure: Failure = {
    doing: 'compile the seccomp profile',
    pointer: `/linux/seccomp${placeOf(rule, architecture)}`,
    syscall,
    errno: code,
    cause: errorText(errno),
  };
  return new Failed(failure);
}

function placeOf(rule: number | undefined, architecture: number | undefined): string {
  if (rule !== undefined) return `/syscalls/${rule}`;
  return architecture === undefined ? '' : `/architectures/${architecture}`;
}

/** Which entry of the profile libseccomp refused. */
interface SeccompPlace {
  readonly rule?: number;
  readonly architecture?: number;
}
