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
    if (isInitStep(step)) writer.step(initSteps[step.step], withSlots(step, slots));
    else if (origin.length > 0) writer.step(initSteps['await-runtime'], {});
    else continue;
    origin.push(index);
  }
  return { bytes: writer.finish(origin.length), origin };
}

/** Encodes what the foreground helper carries out. */
export function encodeAttend(steps: readonly AttendStep[], slots: SlotValues): Uint8Array {
  const writer = new Writer(slots);
  for (const step of steps) writer.step(attendSteps[step.step], { ...step });
  return writer.finish(steps.length);
}

function withSlots(step: InitStep, slots: SlotValues): Record<string, unknown> {
  return step.step === 'load-seccomp' ? { ...slots.seccomp } : { ...step };
}

class Writer {
  private buffer = new Uint8Array(16384);
  private at = 16;

  constructor(private readonly slots: SlotValues) {}

  step(shape: StepShape, values: Readonly<Record<string, unknown>>): void {
    this.u32(shape.op);
    const length = this.at;
    this.u32(0);
    for (const name in shape.fields) {
      this.field(shape.fields[name] as FieldType, values[name], name);
    }
    this.put(length, this.at - length - 4);
  }

  finish(count: number): Uint8Array {
    this.put(0, WIRE_MAGIC);
    this.put(4, WIRE_VERSION);
    this.put(8, count);
    this.put(12, this.at);
    return this.buffer.subarray(0, this.at);
  }

  /** A value of the wrong type is a bug of the compiler, not of the user: it throws. */
  private field(type: FieldType, value: unknown, name: string): void {
    if (type === 'u32') this.u32(value as number);
    else if (type === 'u64') this.u64(value as number);
    else if (type === 'i64') this.i64(value as number);
    else if (type === 'flag') this.u32(value === true ? 1 : 0);
    else if (type === 'str') this.str(value as string, name);
    else if (type === 'bytes') this.raw(value as Uint8Array);
    else if (type === 'strs') this.list(value as readonly string[], (item) => this.str(item, name));
    else if (type === 'u32s') this.list(value as readonly number[], (item) => this.u32(item));
    else this.u32(this.slots[value as keyof SlotDescriptors] ?? NO_DESCRIPTOR);
  }

  private u32(value: number): void {
    if (!(value >= 0 && value <= 0xffff_ffff)) throw new RangeError(`${value} has no 32 bits`);
    this.reserve(4);
    this.put(this.at, value);
    this.at += 4;
  }

  private put(at: number, value: number): void {
    const { buffer } = this;
    buffer[at] = value;
    buffer[at + 1] = value >>> 8;
    buffer[at + 2] = value >>> 16;
    buffer[at + 3] = value >>> 24;
  }

  private u64(value: number): void {
    if (!(value >= 0)) throw new RangeError(`${value} has no 64 bits`);
    const most = 0xffff_ffff_ffff_ffffn;
    this.bits64(value >= 2 ** 64 ? most : BigInt(value));
  }

  private i64(value: number): void {
    if (!(Math.abs(value) < 2 ** 63)) throw new RangeError(`${value} has no 64 bits`);
    this.bits64(BigInt(value));
  }

  private bits64(value: bigint): void {
    this.reserve(8);
    new DataView(this.buffer.buffer).setBigInt64(this.at, value, true);
    this.at += 8;
  }

  private str(value: string, name: string): void {
    if (value.includes('\0')) throw new TypeError(`${name} holds a NUL byte`);
    // A character is at most three bytes.
    this.reserve(value.length * 3 + 5);
    const length = writeText(value, this.buffer, this.at + 4);
    this.put(this.at, length);
    this.at += length + 4;
    this.buffer[this.at++] = 0;
  }

  private raw(value: Uint8Array): void {
    this.u32(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  private list<T>(items: readonly T[], write: (item: T) => void): void {
    this.u32(items.length);
    for (const item of items) write(item);
  }

  private reserve(length: number): void {
    if (this.at + length <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.at + length));
    larger.set(this.buffer.subarray(0, this.at));
    this.buffer = larger;
  }
}
