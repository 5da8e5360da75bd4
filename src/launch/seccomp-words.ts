// A seccomp profile as the addon takes it: one array of numbers, one text of names
// (addon/binding/seccomp_binding.cc reads them).

import type {
  Seccomp,
  SeccompAction,
  SeccompOperator,
  SeccompRule,
} from '../spec/config/seccomp.js';

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

/** `Comparison` of addon/core/seccomp.h. */
const operators: Record<SeccompOperator, number> = {
  SCMP_CMP_NE: 1,
  SCMP_CMP_LT: 2,
  SCMP_CMP_LE: 3,
  SCMP_CMP_EQ: 4,
  SCMP_CMP_GE: 5,
  SCMP_CMP_GT: 6,
  SCMP_CMP_MASKED_EQ: 7,
};

/** The numbers of the profile in the order that `seccomp_binding.cc` reads. */
export function numbersOf(profile: Seccomp): Uint32Array {
  const { defaultAction, defaultErrnoRet, architectures = [], syscalls = [] } = profile;
  const byDefault = actionOf(defaultAction, defaultErrnoRet);
  const words = [byDefault, needsEnosys(byDefault), architectures.length, syscalls.length];
  for (const rule of syscalls) pushRule(words, rule);
  return new Uint32Array(words);
}

/**
 * 1 where calls newer than the profile get ENOSYS, else 0: as in runc not where the default action
 * lets a call go on or leaves the answer to a tracer or an agent, nor where it is ENOSYS itself.
 */
function needsEnosys(byDefault: number): number {
  // In this order the kernel has those that let go on: an agent's, a tracer's, LOG, ALLOW.
  const lets = byDefault >= actions.SCMP_ACT_NOTIFY && byDefault < actions.SCMP_ACT_KILL_PROCESS;
  return lets || byDefault === (ERRNO | ENOSYS) ? 0 : 1;
}

function pushRule(words: number[], rule: SeccompRule): void {
  const { names, action, errnoRet, args = [] } = rule;
  words.push(actionOf(action, errnoRet), names.length, args.length);
  for (const arg of args) {
    words.push(arg.index, operators[arg.op]);
    push64(words, arg.value);
    push64(words, arg.valueTwo ?? 0);
  }
}

/** The lower half, then the upper half. */
function push64(words: number[], value: number | bigint): void {
  if (typeof value === 'number') words.push(value >>> 0, value / 2 ** 32);
  else words.push(Number(value & 0xffffffffn), Number(value >> 32n));
}

/** SECCOMP_RET_* with its data: the errno, or the tracer's message. */
function actionOf(action: SeccompAction, data = EPERM): number {
  const takesData = action === 'SCMP_ACT_ERRNO' || action === 'SCMP_ACT_TRACE';
  return takesData ? actions[action] | data : actions[action];
}

/** Architectures, then calls rule by rule, each ended by NUL. Written for speed: 400 are usual. */
export function namesOf({ architectures = [], syscalls = [] }: Seccomp): string {
  let text = '';
  for (const name of architectures) text += `${name.slice('SCMP_ARCH_'.length).toLowerCase()}\0`;
  for (const { names } of syscalls) if (names.length > 0) text += `${names.join('\0')}\0`;
  return text;
}
