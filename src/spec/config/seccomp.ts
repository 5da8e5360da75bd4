// The system call filter (config-linux.md#seccomp).

import * as z from 'zod/mini';
import { integer, leaf, oneOf, optText, texts, uint32 } from './scalar.js';

/** 0 to 2^64-1, every bit kept: a number up to 2^53-1, a bigint above (`parseJson` makes those). */
const exactUint64 = () => {
  const expected = 'an integer from 0 to 18446744073709551615';
  const json = { type: 'integer', minimum: 0, maximum: 2 ** 64 } as const;
  return leaf<number | bigint>({ expected, json, exact: true }, (value) => {
    if (typeof value === 'bigint') return value >= 0n && value <= 18446744073709551615n;
    return Number.isSafeInteger(value) && (value as number) >= 0;
  });
};

/** Names a rule's or the default action can have (seccomp_rule_add(3)). */
export const SECCOMP_ACTIONS = [
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY',
] as const;

/** Comparisons of a system call's argument (seccomp_rule_add(3)). */
export const SECCOMP_OPERATORS = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
] as const;

/** Architectures of the specification. */
export const SECCOMP_ARCHITECTURES = [
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_ARM',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_MIPS',
  'SCMP_ARCH_MIPS64',
  'SCMP_ARCH_MIPS64N32',
  'SCMP_ARCH_MIPSEL',
  'SCMP_ARCH_MIPSEL64',
  'SCMP_ARCH_MIPSEL64N32',
  'SCMP_ARCH_PPC',
  'SCMP_ARCH_PPC64',
  'SCMP_ARCH_PPC64LE',
  'SCMP_ARCH_S390',
  'SCMP_ARCH_S390X',
  'SCMP_ARCH_PARISC',
  'SCMP_ARCH_PARISC64',
  'SCMP_ARCH_RISCV64',
  'SCMP_ARCH_LOONGARCH64',
  'SCMP_ARCH_M68K',
  'SCMP_ARCH_SH',
  'SCMP_ARCH_SHEB',
] as const;

/** Flags of seccomp(2). */
export const SECCOMP_FLAGS = [
  'SECCOMP_FILTER_FLAG_TSYNC',
  'SECCOMP_FILTER_FLAG_LOG',
  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
] as const;

/** `linux.seccomp`; `value` and `valueTwo` are bigints above 2^53-1, so that no bit is lost. */
export const seccompSchema = () => {
  const action = oneOf(SECCOMP_ACTIONS);
  const arg = z.object({
    index: integer(0, 5),
    value: exactUint64(),
    valueTwo: z.optional(exactUint64()),
    op: oneOf(SECCOMP_OPERATORS),
  });
  const rule = z.object({
    names: texts,
    action,
    errnoRet: z.optional(uint32),
    args: z.optional(z.array(arg)),
  });
  return z.object({
    defaultAction: action,
    defaultErrnoRet: z.optional(uint32),
    architectures: z.optional(z.array(oneOf(SECCOMP_ARCHITECTURES))),
    flags: z.optional(z.array(oneOf(SECCOMP_FLAGS))),
    listenerPath: optText,
    listenerMetadata: optText,
    syscalls: z.optional(z.array(rule)),
  });
};

export type Seccomp = z.infer<ReturnType<typeof seccompSchema>>;
export type SeccompAction = (typeof SECCOMP_ACTIONS)[number];
export type SeccompOperator = (typeof SECCOMP_OPERATORS)[number];
export type SeccompRule = NonNullable<Seccomp['syscalls']>[number];
export type SeccompArg = NonNullable<SeccompRule['args']>[number];
