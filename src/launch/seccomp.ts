// The seccomp profile of config.json, compiled to what init loads last (config-linux.md#seccomp).

import { Failed, type Failure, fail } from '../failure.js';
import type { Addon, SystemError } from '../native/addon.js';
import type {
  Seccomp,
  SeccompAction,
  SeccompArg,
  SeccompOperator,
  SeccompRule,
} from '../spec/config/seccomp.js';

/** A filter ready for seccomp(2). */
export interface CompiledSeccomp {
  /** Array of struct sock_filter, in the byte order of this machine. */
  readonly filter: Uint8Array;
  /** SECCOMP_FILTER_FLAG_*. */
  readonly flags: number;
  /** Names that libseccomp does not know; their rules are left out, as runc does. */
  readonly unknown: readonly string[];
}

const ERRNO = 0x00050000;
const TRACE = 0x7ff00000;
const EPERM = 1;
const ENOSYS = 38;

/** SECCOMP_RET_* of linux/seccomp.h, without their data. */
const actions: Record<SeccompAction, number> = {
  SCMP_ACT_KILL: 0,
  SCMP_ACT_KILL_THREAD: 0,
  SCMP_ACT_KILL_PROCESS: 0x80000000,
  SCMP_ACT_TRAP: 0x00030000,
  SCMP_ACT_ERRNO: ERRNO,
  SCMP_ACT_NOTIFY: 0x7fc00000,
  SCMP_ACT_TRACE: TRACE,
  SCMP_ACT_LOG: 0x7ffc0000,
  SCMP_ACT_ALLOW: 0x7fff0000,
};

/** Highest `errnoRet`: libseccomp refuses MAX_ERRNO itself; a tracer's message has 16 bits. */
const highestData: Partial<Record<SeccompAction, number>> = {
  SCMP_ACT_ERRNO: 4094,
  SCMP_ACT_TRACE: 0xffff,
};

/** enum scmp_compare of seccomp.h. */
const operators: Record<SeccompOperator, number> = {
  SCMP_CMP_NE: 1,
  SCMP_CMP_LT: 2,
  SCMP_CMP_LE: 3,
  SCMP_CMP_EQ: 4,
  SCMP_CMP_GE: 5,
  SCMP_CMP_GT: 6,
  SCMP_CMP_MASKED_EQ: 7,
};

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
  const { words, names } = flatten(profile);
  try {
    return { ...addon.compileSeccomp(words, names), flags: flagsOf(profile) };
  } catch (error) {
    throw refusal(error, addon);
  }
}

/** The profile as `compileSeccomp` of the addon takes it (`seccomp_binding.cc`). */
function flatten(profile: Seccomp): { words: Uint32Array; names: string } {
  const { defaultAction, defaultErrnoRet, architectures = [], syscalls = [] } = profile;
  if (defaultAction === 'SCMP_ACT_NOTIFY') {
    refuse('/defaultAction', 'SCMP_ACT_NOTIFY cannot be the default action');
  }
  const byDefault = actionOf(defaultAction, defaultErrnoRet, '/defaultErrnoRet');
  const enosys = byDefault !== (ERRNO | ENOSYS) && !lets(defaultAction);
  const words = [byDefault, Number(enosys), architectures.length, syscalls.length];
  // libseccomp's name of SCMP_ARCH_PPC64LE is ppc64le, and so for all.
  const names = architectures.map((name) => name.slice('SCMP_ARCH_'.length).toLowerCase());
  syscalls.forEach((rule, index) => {
    pushRule(words, rule, `/syscalls/${index}`);
    pushNames(names, rule, `/syscalls/${index}`);
  });
  return { words: Uint32Array.from(words), names: names.map((name) => `${name}\0`).join('') };
}

/** Actions after which the call goes on or a tracer answers: no ENOSYS for newer calls, as runc. */
function lets(action: SeccompAction): boolean {
  return ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE'].includes(action);
}

function pushRule(words: number[], rule: SeccompRule, at: string): void {
  if (rule.action === 'SCMP_ACT_NOTIFY') refuse(`${at}/action`, 'listeners are not supported yet');
  const args = rule.args ?? [];
  words.push(actionOf(rule.action, rule.errnoRet, `${at}/errnoRet`), rule.names.length);
  words.push(args.length);
  for (const arg of args) pushCondition(words, arg);
}

function pushCondition(words: number[], arg: SeccompArg): void {
  words.push(arg.index, operators[arg.op]);
  for (const value of [BigInt(arg.value), BigInt(arg.valueTwo ?? 0)]) {
    words.push(Number(value & 0xffffffffn), Number(value >> 32n));
  }
}

function actionOf(action: SeccompAction, data: number | undefined, at: string): number {
  const highest = highestData[action];
  if (highest === undefined) {
    if (data !== undefined) refuse(at, `${action} takes no errno`);
    return actions[action];
  }
  if (data !== undefined && data > highest) {
    refuse(at, `${data} is above ${highest}, the highest value of ${action}`);
  }
  return actions[action] | (data ?? EPERM);
}

function pushNames(names: string[], rule: SeccompRule, at: string): void {
  rule.names.forEach((name, index) => {
    if (name === '' || name.includes('\0')) refuse(`${at}/names/${index}`, 'not a system call');
    names.push(name);
  });
}

/** `flags` absent means SPEC_ALLOW and an empty list means none, as in runc. */
function flagsOf({ flags = ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'] }: Seccomp): number {
  return flags.reduce((bits, flag) => bits | flagBits[flag], 0);
}

function refuse(at: string, cause: string): never {
  fail({ doing: 'compile the seccomp profile', pointer: `/linux/seccomp${at}`, cause });
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
