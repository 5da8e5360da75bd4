// The list of devices as a program for the kernel: BPF_PROG_TYPE_CGROUP_DEVICE, whose return value
// is whether one access is allowed (linux/bpf.h, struct bpf_cgroup_dev_ctx).

import { fail } from '../failure.js';
import type { DeviceRule } from '../plan/device-rules.js';

/** Registers: r0 is the answer, r1 the context. */
const R0 = 0;
const CONTEXT = 1;
/** Kind of device, kept for all rules. */
const TYPE = 2;
/** Kinds of access that no rule has spoken of yet. */
const OPEN = 3;

const LOAD_WORD = 0x61;
const MOVE = 0xb4;
const MOVE_REGISTER = 0xbc;
const AND = 0x54;
const SHIFT_RIGHT = 0x74;
const JUMP_IF_EQUAL = 0x15;
const JUMP_UNLESS_EQUAL = 0x55;
const JUMP_IF_ANY_BIT = 0x45;
const EXIT = 0x95;

/** Offsets in the context: the kind in the low, the access in the high half of the first word. */
const ACCESS_AND_TYPE = 0;
const MAJOR = 4;
const MINOR = 8;

const ACCESS_BITS: Readonly<Record<string, number>> = { m: 1, r: 2, w: 4 };
const EVERY_ACCESS = 7;
const TYPE_NUMBERS = { a: 0, b: 1, c: 2 };
/** The verifier keeps each that it has to come back to, 8192 at most (BPF_COMPLEXITY_LIMIT_JMP_SEQ). */
const MOST_JUMPS = 8000;
const CONDITIONAL = [JUMP_IF_EQUAL, JUMP_UNLESS_EQUAL, JUMP_IF_ANY_BIT];

type Answer = 'yes' | 'no';

interface Instruction {
  readonly code: number;
  readonly to: number;
  readonly from?: number;
  /** Of a jump, instructions to skip, or the answer to give; of a load, in bytes. */
  readonly offset?: number | Answer;
  readonly value?: number;
}

/**
 * The program for `rules`, of which the first is about everything. It asks the rules from the last
 * to the first: a denial of a kind of access that is still open ends it, an allowance closes it.
 * Rules in a row about the same kind or major number share the question for it: what the verifier
 * has to look at is most of what a filter costs (0.3 ms for three times as many instructions).
 */
export function deviceFilter(rules: readonly DeviceRule[]): Uint8Array {
  const [base, ...others] = rules;
  const asked: Instruction[] = [
    { code: LOAD_WORD, to: TYPE, from: CONTEXT, offset: ACCESS_AND_TYPE },
    { code: MOVE_REGISTER, to: OPEN, from: TYPE },
    { code: AND, to: TYPE, value: 0xffff },
    { code: SHIFT_RIGHT, to: OPEN, value: 16 },
    ...runsOf(others.toReversed(), ({ type }) => TYPE_NUMBERS[type]).flatMap(ofType),
  ];
  return encode(asked, base?.allow ? ['yes', 'no'] : ['no', 'yes']);
}

/** The rules in their order, those in a row with the same `key` together. */
function runsOf(
  rules: readonly DeviceRule[],
  key: (rule: DeviceRule) => number,
): readonly (readonly DeviceRule[])[] {
  const runs: DeviceRule[][] = [];
  let last: number | undefined;
  for (const rule of rules) {
    if (key(rule) === last) runs.at(-1)?.push(rule);
    else runs.push([rule]);
    last = key(rule);
  }
  return runs;
}

function ofType(rules: readonly DeviceRule[]): Instruction[] {
  const code = runsOf(rules, ({ major }) => major).flatMap(ofMajor);
  const type = rules[0]?.type ?? 'a';
  return type === 'a' ? code : [unless(TYPE, TYPE_NUMBERS[type], code.length), ...code];
}

function ofMajor(rules: readonly DeviceRule[]): Instruction[] {
  const code = rules.flatMap((rule, i) => ofMinor(rule, i > 0 && isPlain(rules[i - 1])));
  const major = rules[0]?.major ?? -1;
  return major < 0 ? code : [load(MAJOR), unless(R0, major, code.length), ...code];
}

/**
 * After another question than a plain one the number is read anew: the verifier would remember that it
 * is, or is not, each of those asked for, and a thousand rules took it half a second.
 */
function ofMinor(rule: DeviceRule, isLoaded: boolean): Instruction[] {
  const { minor } = rule;
  const bits = bitsOf(rule);
  const loads = isLoaded || minor < 0 ? [] : [load(MINOR)];
  if (isPlain(rule))
    return [...loads, { code: JUMP_IF_EQUAL, to: R0, value: minor, offset: 'yes' }];
  const code = rule.allow ? allowed(bits) : denied(bits);
  return minor < 0 ? code : [...loads, unless(R0, minor, code.length), ...code];
}

/** Whether its number alone decides. */
function isPlain(rule: DeviceRule | undefined): boolean {
  return rule !== undefined && rule.minor >= 0 && rule.allow && bitsOf(rule) === EVERY_ACCESS;
}

function bitsOf({ access }: DeviceRule): number {
  return [...access].reduce((bits, kind) => bits | (ACCESS_BITS[kind] ?? 0), 0);
}

function load(offset: number): Instruction {
  return { code: LOAD_WORD, to: R0, from: CONTEXT, offset };
}

/** What follows is skipped unless the register has the value. */
function unless(register: number, value: number, skipped: number): Instruction {
  return { code: JUMP_UNLESS_EQUAL, to: register, offset: skipped, value };
}

function denied(bits: number): Instruction[] {
  return [{ code: JUMP_IF_ANY_BIT, to: OPEN, offset: 'no', value: bits }];
}

function allowed(bits: number): Instruction[] {
  return [
    { code: AND, to: OPEN, value: ~bits },
    { code: JUMP_IF_EQUAL, to: OPEN, offset: 'yes', value: 0 },
  ];
}

/**
 * struct bpf_insn; the two registers share a byte. Where no rule answers it is the first of `answers`;
 * one that is never given must not be there (the verifier refuses what cannot be reached).
 */
function encode(asked: readonly Instruction[], answers: readonly Answer[]): Uint8Array {
  const given = answers.filter((one, i) => i === 0 || asked.some(({ offset }) => offset === one));
  const all = [...asked, ...given.flatMap(answer)];
  const jumps = all.filter(({ code }) => CONDITIONAL.includes(code)).length;
  if (jumps > MOST_JUMPS) refuse(jumps);
  const bytes = new Uint8Array(all.length * 8);
  const view = new DataView(bytes.buffer);
  all.forEach(({ code, to, from = 0, offset = 0, value = 0 }, index) => {
    const distance =
      typeof offset === 'number' ? offset : asked.length + 2 * given.indexOf(offset) - index - 1;
    view.setUint8(index * 8, code);
    view.setUint8(index * 8 + 1, (from << 4) | to);
    view.setInt16(index * 8 + 2, distance, true);
    view.setInt32(index * 8 + 4, value, true);
  });
  return bytes;
}

function answer(one: Answer): Instruction[] {
  return [
    { code: MOVE, to: R0, value: one === 'yes' ? 1 : 0 },
    { code: EXIT, to: 0 },
  ];
}

function refuse(jumps: number): never {
  fail({
    doing: 'limit the devices',
    pointer: '/linux/resources/devices',
    cause: `their program has ${jumps} conditional jumps, the kernel takes about ${MOST_JUMPS}`,
    remedy: 'list fewer devices',
  });
}
