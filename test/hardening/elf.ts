// What of an ELF file says how the kernel and the dynamic linker treat it (elf(5)); 64 bits, little-endian,
// which is all that is built for.

import { readFileSync } from 'node:fs';

/** Kinds of segments (`p_type`). */
export const Segment = {
  load: 1,
  dynamic: 2,
  interpreter: 3,
  stack: 0x6474e551,
  relro: 0x6474e552,
} as const;

/** Entries of the dynamic section (`d_tag`). */
export const Tag = {
  needed: 1,
  rpath: 15,
  textrel: 22,
  runpath: 29,
  flags: 30,
  flags1: 0x6ffffffb,
} as const;

const SharedObject = 3;

/** A program header. */
export interface ProgramHeader {
  readonly type: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  /** The bytes that the file has of it. */
  readonly bytes: Buffer;
  readonly address: number;
  readonly size: number;
}

export class Elf {
  readonly segments: readonly ProgramHeader[];
  private readonly bytes: Buffer;

  constructor(path: string) {
    this.bytes = readFileSync(path);
    if (this.bytes.readUInt32BE(0) !== 0x7f454c46) throw new Error(`${path} is no ELF file`);
    this.segments = this.readSegments();
  }

  /** Whether it can be loaded anywhere: a shared object, or a position-independent program. */
  get movable(): boolean {
    return this.bytes.readUInt16LE(16) === SharedObject;
  }

  of(type: number): readonly ProgramHeader[] {
    return this.segments.filter((segment) => segment.type === type);
  }

  /** Values of a tag in the dynamic section. */
  dynamic(tag: number): readonly number[] {
    const values: number[] = [];
    for (const { bytes } of this.of(Segment.dynamic)) {
      for (let at = 0; at < bytes.length && word(bytes, at) !== 0; at += 16) {
        if (word(bytes, at) === tag) values.push(word(bytes, at + 8));
      }
    }
    return values;
  }

  /** How often the bytes are in what is executable. */
  inCode(wanted: readonly number[]): number {
    const code = this.of(Segment.load).filter(({ executable }) => executable);
    return code.reduce((count, { bytes }) => count + occurrences(bytes, Buffer.from(wanted)), 0);
  }

  /** Whether this is in any of what is loaded. */
  contains(text: string | Buffer): boolean {
    return this.of(Segment.load).some(({ bytes }) => bytes.includes(text));
  }

  private readSegments(): ProgramHeader[] {
    const start = word(this.bytes, 32);
    const count = this.bytes.readUInt16LE(56);
    return Array.from({ length: count }, (_, i) => {
      const header = this.bytes.subarray(start + i * 56);
      const flags = header.readUInt32LE(4);
      const offset = word(header, 8);
      return {
        type: header.readUInt32LE(0),
        readable: (flags & 4) !== 0,
        writable: (flags & 2) !== 0,
        executable: (flags & 1) !== 0,
        bytes: this.bytes.subarray(offset, offset + word(header, 32)),
        address: word(header, 16),
        size: word(header, 40),
      };
    });
  }
}

function word(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

function occurrences(bytes: Buffer, wanted: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) count++;
  return count;
}
