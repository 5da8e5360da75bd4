// Lists of rules in a configuration come to what a plain reading of them says.

import { expect } from '@jest/globals';
import fc from 'fast-check';
import { effectiveRules, mayAccess } from '../../src/plan/device-rules.js';
import { readMountOptions } from '../../src/plan/mount-options.js';
import type { DeviceRule } from '../../src/spec/types.js';
import { holds, textOf } from './holds.js';

const numbers = fc.constantFrom(-1, 0, 1, 3, 5, 136, 200);
const rules = fc.array(
  fc.record(
    {
      allow: fc.boolean(),
      type: fc.constantFrom('a', 'b', 'c', ''),
      major: numbers,
      minor: numbers,
      access: fc.constantFrom('r', 'w', 'm', 'rw', 'rwm', 'mr', ''),
    },
    { requiredKeys: ['allow'] },
  ),
  { maxLength: 6 },
) as fc.Arbitrary<DeviceRule[]>;

const devices = fc.record({
  type: fc.constantFrom('b' as const, 'c' as const),
  major: fc.constantFrom(0, 1, 3, 5, 136, 200),
  minor: fc.constantFrom(0, 1, 2, 3, 5, 8, 9, 200),
});

/** config-linux.md#default-devices, as MAJOR:MINOR. */
const ALWAYS = ['1:3', '1:5', '1:7', '1:8', '1:9', '5:0', '5:1', '5:2'];

holds(
  'a device may be used as the last rule about it says, or as every container may',
  fc.tuple(rules, devices, fc.constantFrom('r', 'w', 'm')),
  ([given, device, kind]) => {
    const of = (value: number | undefined, number: number) =>
      value === undefined || value < 0 || value === number;
    const last = given.findLast(({ type, major, minor, access = 'rwm' }) => {
      const about = !type || type === 'a' || type === device.type;
      return about && of(major, device.major) && of(minor, device.minor) && access.includes(kind);
    });
    const name = `${device.major}:${device.minor}`;
    const usual = device.type === 'c' && (ALWAYS.includes(name) || device.major === 136);
    const expected = kind === 'm' || usual || (last?.allow ?? false);
    expect(mayAccess(effectiveRules(given), device, kind)).toBe(expected);
  },
  1000,
);

const options = fc.array(
  textOf('ro', 'rw', 'rro', 'nosuid', 'rbind', 'size=1', ',', '"', '\\,', 'idmap', 'mode', '='),
  { maxLength: 5 },
);

holds('of mount options the last of a kind counts, and none is lost', options, (given) => {
  const read = readMountOptions(given);
  expect(read.set & read.clear & ~0x70).toBe(0);
  expect(read.recursiveSet & read.recursiveClear & ~0x70).toBe(0);
  for (const { text, index } of read.data) {
    expect(text).not.toBe('');
    expect(given[index]).toContain(text);
  }
});
