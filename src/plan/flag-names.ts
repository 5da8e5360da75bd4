// Bits back to names, for what people read.

import { MEMORY_FLAGS, MEMORY_MODES } from '../spec/numbers.js';
import { CAPABILITY_NAMES } from '../spec/rules/capabilities.js';
import { ATTR, CLONE, MS, S_IF } from './flags.js';

/** `CLONE_NEWPID,CLONE_NEWNET`; `none` for 0. */
export function cloneFlags(flags: number): string {
  const names = Object.entries(CLONE).filter(([, bit]) => flags & bit);
  return names.map(([name]) => `CLONE_${name}`).join(',') || 'none';
}

/** `MS_RDONLY,MS_NOSUID`; empty for 0. */
export function mountFlags(flags: number): string {
  const names = Object.entries(MS).filter(([, bit]) => flags & bit);
  return names.map(([name]) => `MS_${name}`).join(',');
}

/** `rslave`, `private`. */
export function propagation(flags: number): string {
  const { UNBINDABLE, PRIVATE, SLAVE, SHARED } = MS;
  const names = Object.entries({ UNBINDABLE, PRIVATE, SLAVE, SHARED });
  return names
    .filter(([, bit]) => flags & bit)
    .map(([name]) => (flags & MS.REC ? 'r' : '') + name.toLowerCase())
    .join(',');
}

const ATTRIBUTE_NAMES: readonly (readonly [bit: number, set: string, clear: string])[] = [
  [ATTR.RDONLY, 'ro', 'rw'],
  [ATTR.NOSUID, 'nosuid', 'suid'],
  [ATTR.NODEV, 'nodev', 'dev'],
  [ATTR.NOEXEC, 'noexec', 'exec'],
  [ATTR.NODIRATIME, 'nodiratime', 'diratime'],
  [ATTR.NOSYMFOLLOW, 'nosymfollow', 'symfollow'],
];

/** MOUNT_ATTR_* as the options that ask for them: `nosuid,nodev`; with `clear`, `rw` as well. */
export function attributes(set: number, clear = 0): string[] {
  const names = ATTRIBUTE_NAMES.flatMap(([bit, on, off]) => {
    if (set & bit) return [on];
    return clear & bit ? [off] : [];
  });
  if (set & ATTR.NOATIME) names.push('noatime');
  else if (set & ATTR.STRICTATIME) names.push('strictatime');
  else if ((clear & ATTR.ATIME) === ATTR.ATIME) names.push('relatime');
  return names;
}

/** Names of a bit set, `none` for the empty one; high bits are out of reach of `&`. */
export function capabilities(set: number): string {
  const bits = BigInt(set);
  const names = CAPABILITY_NAMES.filter((_, number) => (bits >> BigInt(number)) & 1n);
  if (names.length === CAPABILITY_NAMES.length) return 'all';
  return names.join(',') || 'none';
}

/** The name of a number in a table of the kernel's. */
export function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(table).find((name) => table[name] === value) ?? String(value);
}

/** The names of bits, `none` for 0. */
export function bitsOf(table: Readonly<Record<string, number>>, bits: number): string {
  const names = Object.keys(table).filter((name) => bits & (table[name] ?? 0));
  return names.join(',') || 'none';
}

/** `MPOL_BIND,MPOL_F_STATIC_NODES`. */
export function memoryPolicy(mode: number): string {
  const flags = Object.keys(MEMORY_FLAGS) as (keyof typeof MEMORY_FLAGS)[];
  const set = flags.filter((name) => mode & MEMORY_FLAGS[name]);
  const plain = set.reduce((rest, name) => rest & ~MEMORY_FLAGS[name], mode);
  return [nameOf(MEMORY_MODES, plain), ...set].join(',');
}

/** `c 1:3`, `b 8:0`, `p`. */
export function device({ mode, major, minor }: { mode: number; major: number; minor: number }) {
  const type = mode & 0o170000;
  if (type === S_IF.IFO) return 'p';
  return `${type === S_IF.BLK ? 'b' : 'c'} ${major}:${minor}`;
}

/** Permission bits as four octal digits. */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
