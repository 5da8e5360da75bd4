// What an attacker who finds a fault in memory meets: how the products are built, read from the files
// themselves, since what the linker leaves out is not seen anywhere else.
//
// Not there, and why:
// * The note that turns on CET (indirect branch tracking, shadow stacks): a linker gives it to a program
//   only when all of its parts have it, and Debian's musl is compiled without. Forcing it would be a lie
//   of which the kernel makes a crash. Our own part has the landing pads.
// * Fortified functions in the two programs: they are glibc's, musl has none. The addon has them.

import { readFileSync } from 'node:fs';
import { arch } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Elf, Segment, Tag } from './elf.js';

const flags = { BIND_NOW: 8, TEXTREL: 4 };
const flags1 = { NOW: 1, PIE: 0x8000000 };

/** x86-64: the operand `%fs:0x28`, where the stack's canary is, and `endbr64`. */
const canary = [0x25, 0x28, 0, 0, 0];
const landingPad = [0xf3, 0x0f, 0x1e, 0xfa];

const programs = ['dist/sampan', 'build/sampan-init'];
const addon = 'build/sampan.node';

/** How often the canary is looked at in our own part of each; musl's comes on top. */
const canaries: Record<string, number> = {
  'dist/sampan': 1200,
  'build/sampan-init': 250,
  'build/sampan.node': 250,
};

const read = (path: string) => new Elf(fileURLToPath(new URL(`../../${path}`, import.meta.url)));

const has = (elf: Elf, tag: number, bit: number) =>
  elf.dynamic(tag).some((value) => (value & bit) !== 0);

describe.each(programs)('%s', (path) => {
  const elf = read(path);

  test('is a static program that is loaded anywhere', () => {
    expect(elf.movable).toBe(true);
    expect(has(elf, Tag.flags1, flags1.PIE)).toBe(true);
    expect(elf.of(Segment.interpreter)).toEqual([]);
    expect(elf.dynamic(Tag.needed)).toEqual([]);
  });
});

describe.each([...programs, addon])('%s', (path) => {
  const elf = read(path);

  test('has no memory that is both written and executed', () => {
    expect(elf.segments.filter(({ writable, executable }) => writable && executable)).toEqual([]);
    expect(elf.of(Segment.load).some(({ executable }) => executable)).toBe(true);
    expect(elf.of(Segment.stack).map(({ executable }) => executable)).toEqual([false]);
  });

  test('changes none of its code when it is loaded', () => {
    expect(elf.dynamic(Tag.textrel)).toEqual([]);
    expect(has(elf, Tag.flags, flags.TEXTREL)).toBe(false);
  });

  test('has all addresses of functions read-only from the start', () => {
    expect(has(elf, Tag.flags, flags.BIND_NOW)).toBe(true);
    expect(has(elf, Tag.flags1, flags1.NOW)).toBe(true);
    const [relro, ...more] = elf.of(Segment.relro);
    const [dynamic] = elf.of(Segment.dynamic);
    expect(more).toEqual([]);
    // What is protected starts where the writable segment does, and the dynamic section is in it.
    const data = elf.of(Segment.load).filter(({ writable }) => writable);
    expect(data.map(({ address }) => address)).toEqual([relro?.address]);
    const end = (relro?.address ?? 0) + (relro?.size ?? 0);
    expect((dynamic?.address ?? end) + (dynamic?.size ?? 0)).toBeLessThanOrEqual(end);
  });

  test('looks for libraries in no directory of its own', () => {
    expect([...elf.dynamic(Tag.rpath), ...elf.dynamic(Tag.runpath)]).toEqual([]);
  });

  if (arch() === 'x64') {
    test('guards its stack, and marks where it may be called', () => {
      expect(elf.inCode(canary)).toBeGreaterThan(canaries[path] ?? 0);
      expect(elf.inCode(landingPad)).toBeGreaterThan(100);
    });
  }
});

test.each([programs[0], addon])('%s brings init as it was built', (path = '') => {
  const init = readFileSync(fileURLToPath(new URL('../../build/sampan-init', import.meta.url)));
  expect(read(path).contains(init)).toBe(true);
});

test(`${addon} checks sizes in the functions of glibc`, () => {
  expect(read(addon).contains('__snprintf_chk')).toBe(true);
});
