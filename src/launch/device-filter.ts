// The list of devices as a program for the kernel: BPF_PROG_TYPE_CGROUP_DEVICE, whose return value
// is whether one access is allowed (linux/bpf.h, struct bpf_cgroup_dev_ctx).

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
const JUMP_UNLESS_EQUAL = 0x55;
const JUMP_IF_ANY_BIT = 0x45;
const JUMP = 0x05;
const EXIT = 0x95;

/** Offsets in the context: the kind in the low, the access in the high half of the first word. */
const ACCESS_AND_TYPE = 0;
const MAJOR = 4;
const MINOR = 8;

const ACCESS_BITS: Readonly<Record<string, number>> = { m: 1, r: 2, w: 4 };
const TYPE_NUMBERS = { b: 1, c: 2 };

interface Instruction {
  readonly code: number;
  readonly to: number;
  readonly from?: number;
  /** Of a jump, in instructions; of a load, in bytes. */
  readonly offset?: number;
  readonly value?: number;
}

/**
 * The program for `rules`, of which the first is about everything. It asks the rules from the last
 * to the first: a denial of a kind of access that is still open ends it, an allowance closes it.
 */
export function deviceFilter(rules: readonly DeviceRule[]): Uint8Array {
  const [base, ...others] = rules;
  return encode([
    { code: LOAD_WORD, to: TYPE, from: CONTEXT, offset: ACCESS_AND_TYPE },
    { code: MOVE_REGISTER, to: OPEN, from: TYPE },
    { code: AND, to: TYPE, value: 0xffff },
    { code: SHIFT_RIGHT, to: OPEN, value: 16 },
    ...others.toReversed().flatMap(asked),
    ...answer(base?.allow ?? false),
  ]);
}

function asked(rule: DeviceRule): Instruction[] {
  const decision = rule.allow ? allowed(bitsOf(rule)) : denied(bitsOf(rule));
  let code = decision;
  code = [...unlessNumber(MINOR, rule.minor, code.length), ...code];
  code = [...unlessNumber(MAJOR, rule.major, code.length), ...code];
  if (rule.type === 'a') return code;
  const skip = { code: JUMP_UNLESS_EQUAL, to: TYPE, offset: code.length };
  return [{ ...skip, value: TYPE_NUMBERS[rule.type] }, ...code];
}

function bitsOf({ access }: DeviceRule): number {
  return [...access].reduce((bits, kind) => bits | (ACCESS_BITS[kind] ?? 0), 0);
}

/** The number is read anew each time: the verifier then has nothing to remember of earlier rules. */
function unlessNumber(offset: number, value: number, skipped: number): Instruction[] {
  if (value < 0) return [];
  return [
    { code: LOAD_WORD, to: R0, from: CONTEXT, offset },
    { code: JUMP_UNLESS_EQUAL, to: R0, offset: skipped, value },
  ];
}

function denied(bits: number): Instruction[] {
  const no = answer(false);
  return [
    { code: JUMP_IF_ANY_BIT, to: OPEN, offset: 1, value: bits },
    { code: JUMP, to: 0, offset: no.length },
    ...no,
  ];
}

function allowed(bits: number): Instruction[] {
  const yes = answer(true);
  return [
    { code: AND, to: OPEN, value: ~bits },
    { code: JUMP_UNLESS_EQUAL, to: OPEN, offset: yes.length, value: 0 },
    ...yes,
  ];
}

function answer(allow: boolean): Instruction[] {
  return [
    { code: MOVE, to: R0, value: allow ? 1 : 0 },
    { code: EXIT, to: 0 },
  ];
}

/** struct bpf_insn; the two registers share a byte. */
function encode(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  const view = new DataView(bytes.buffer);
  instructions.forEach(({ code, to, from = 0, offset = 0, value = 0 }, index) => {
    view.setUint8(index * 8, code);
    view.setUint8(index * 8 + 1, (from << 4) | to);
    view.setInt16(index * 8 + 2, offset, true);
    view.setInt32(index * 8 + 4, value, true);
  });
  return bytes;
}
