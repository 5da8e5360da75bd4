// The binary form of a plan: what crosses from TypeScript to init and to the foreground helper.
//
// Little-endian. Header: magic, version, number of steps, total length (u32 each). A step: opcode,
// length of its body (u32 each), its fields in the order of steps.ts. A `str` is its length, its
// bytes and a NUL that the length does not count; a list is its count and its items.

import { writeText } from '../bytes.js';
import type { AttendStep, FieldType, InitStep, MountSlot, Step, StepShape } from './steps.js';
import { attendSteps, initSteps, isInitStep, WIRE_VERSION } from './steps.js';

/** `SMPN` */
export const WIRE_MAGIC = 0x4e504d53;
/** A descriptor field that names none. */
export const NO_DESCRIPTOR = 0xffffffff;

/** Values of the slots at the time of encoding: descriptors by index, the filter by its bytes. */
export interface SlotValues {
  readonly start?: number;
  readonly cgroup?: number;
  readonly container?: number;
  readonly terminal?: number;
  readonly directory?: number;
  readonly stamps?: number;
  readonly trace?: number;
  readonly [mount: MountSlot]: number | undefined;
  readonly seccomp?: { readonly flags: number; readonly filter: Uint8Array };
}

type SlotDescriptors = Omit<SlotValues, 'seccomp'>;

/** An encoded list; `origin[i]` is the index in the plan of the i-th encoded step. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly origin: readonly number[];
}

/**
 * Encodes what init carries out. Runtime steps before the first init step are left out, those
 * after it become `await-runtime`.
 */
export function encodeSteps(steps: readonly Step[], slots: SlotValues): Encoded {
  const writer = new Writer(slots);
  const origin: number[] = [];
  for (const [index, step] of steps.entries()) {
    if (isInitStep(step)) writer.step(encodings[step.step], withSlots(step, slots));
    else if (origin.length > 0) writer.step(encodings['await-runtime'], {});
    else continue;
    origin.push(index);
  }
  return { bytes: writer.finish(origin.length), origin };
}

/** Encodes what the foreground helper carries out. */
export function encodeAttend(steps: readonly AttendStep[], slots: SlotValues): Uint8Array {
  const writer = new Writer(slots);
  for (const step of steps) writer.step(encodings[step.step], step);
  return writer.finish(steps.length);
}

function withSlots(step: InitStep, slots: SlotValues): object {
  return step.step === 'load-seccomp' ? (slots.seccomp ?? {}) : step;
}

type Write = (writer: Writer, value: unknown, name: string) => void;

/** How a field is written. A value of the wrong type is a bug of the compiler, not of the user: it throws. */
const writes: Readonly<Record<FieldType, Write>> = {
  u32: (writer, value) => writer.u32(value as number),
  u64: (writer, value) => writer.u64(value as number),
  i64: (writer, value) => writer.i64(value as number),
  flag: (writer, value) => writer.u32(value === true ? 1 : 0),
  str: (writer, value, name) => writer.str(value as string, name),
  bytes: (writer, value) => writer.raw(value as Uint8Array),
  strs: (writer, value, name) =>
    writer.list(value as readonly string[], (item) => writer.str(item, name)),
  u32s: (writer, value) => writer.list(value as readonly number[], (item) => writer.u32(item)),
  fd: (writer, value) => writer.descriptor(value as keyof SlotDescriptors),
};

/** Names and writers of the fields, by index. */
interface Encoding {
  readonly op: number;
  readonly names: readonly string[];
  readonly writes: readonly Write[];
}

function encodingsOf<Table extends Record<string, StepShape>>(table: Table) {
  const all = {} as Record<keyof Table, Encoding>;
  for (const step in table) {
    const { op, fields } = table[step] as StepShape;
    all[step] = {
      op,
      names: Object.keys(fields),
      writes: Object.values(fields).map((type) => writes[type]),
    };
  }
  return all;
}

/** Made here, where it costs a launch nothing: it is part of what the executable begins with. */
const encodings = encodingsOf({ ...initSteps, ...attendSteps });

/** Bytes of the fields of one step that are numbers, and of its opcode and length. */
const MOST_FIXED = 1024;

class Writer {
  private buffer = new Uint8Array(16384);
  private view = new DataView(this.buffer.buffer);
  private at = 16;

  constructor(private readonly slots: SlotValues) {}

  step({ op, names, writes }: Encoding, step: object): void {
    const values = step as Readonly<Record<string, unknown>>;
    this.reserve(0);
    this.u32(op);
    const length = this.at;
    this.u32(0);
    names.forEach((name, i) => {
      (writes[i] as Write)(this, values[name], name);
    });
    this.put(length, this.at - length - 4);
  }

  finish(count: number): Uint8Array {
    this.put(0, WIRE_MAGIC);
    this.put(4, WIRE_VERSION);
    this.put(8, count);
    this.put(12, this.at);
    return this.buffer.subarray(0, this.at);
  }

  u32(value: number): void {
    if (!(value >= 0 && value <= 0xffff_ffff)) throw new RangeError(`${value} has no 32 bits`);
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  descriptor(slot: keyof SlotDescriptors): void {
    this.u32(this.slots[slot] ?? NO_DESCRIPTOR);
  }

  private put(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  u64(value: number): void {
    if (!(value >= 0)) throw new RangeError(`${value} has no 64 bits`);
    const most = 0xffff_ffff_ffff_ffffn;
    this.bits64(value >= 2 ** 64 ? most : BigInt(value));
  }

  i64(value: number): void {
    if (!(Math.abs(value) <= 2 ** 63)) throw new RangeError(`${value} has no 64 bits`);
    // As a double the largest of them is one more.
    this.bits64(value === 2 ** 63 ? 2n ** 63n - 1n : BigInt(value));
  }

  private bits64(value: bigint): void {
    this.view.setBigInt64(this.at, value, true);
    this.at += 8;
  }

  str(value: string, name: string): void {
    // A character is at most three bytes.
    this.reserve(value.length * 3 + 5);
    const from = this.at + 4;
    const length = writeText(value, this.buffer, from);
    this.put(this.at, length);
    this.at = from + length + 1;
    // The one behind the text is there since the buffer was made.
    if (this.buffer.indexOf(0, from) < this.at - 1) throw new TypeError(`${name} holds a NUL byte`);
  }

  raw(value: Uint8Array): void {
    this.u32(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.reserve(items.length * 4);
    this.u32(items.length);
    for (const item of items) write(item);
  }

  /** Room for `length` bytes, and for all fields of a step whose length does not depend on the value. */
  private reserve(length: number): void {
    const end = this.at + length + MOST_FIXED;
    if (end <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, end));
    larger.set(this.buffer.subarray(0, this.at));
    this.buffer = larger;
    this.view = new DataView(larger.buffer);
  }
}
