// Lists of devices as systemd has them.

import { expect, test } from '@jest/globals';
import { effectiveRules } from '../../../src/plan/device-rules.js';
import { deviceProperties } from '../../../src/plan/systemd/device-properties.js';
import type { DeviceRule } from '../../../src/spec/types.js';

const fuse: DeviceRule = { allow: true, type: 'c', major: 10, minor: 229, access: 'rw' };

/** The policy, and what is allowed beside what every container may use. */
function told(given: DeviceRule[]): [policy: unknown, allowed: unknown] {
  const [policy, none, list] = deviceProperties(effectiveRules(given));
  expect(none).toEqual({ name: 'DeviceAllow', signature: 'a(ss)', value: [] });
  const always = deviceProperties(effectiveRules([]))[2]?.value as readonly unknown[];
  const value = list?.value as readonly unknown[] | undefined;
  expect(value?.slice(-always.length) ?? always).toEqual(always);
  return [policy?.value, value?.slice(0, -always.length)];
}

test.each<[what: string, given: DeviceRule[], allowed: unknown]>([
  ['nothing', [], []],
  ['a device', [fuse], [['/dev/char/10:229', 'rw']]],
  ['all of a driver', [{ allow: true, type: 'b', major: 8 }], [['block-8', 'rwm']]],
  [
    'both kinds of a number',
    [{ allow: true, type: 'a', major: 9 }],
    [
      ['block-9', 'rwm'],
      ['char-9', 'rwm'],
    ],
  ],
  ['devices that may be made', [{ ...fuse, access: 'm', major: 10 }], []],
])('%s beside the usual is a list', (_, given, allowed) => {
  expect(told(given)).toEqual(['strict', allowed]);
});

test.each<[what: string, given: DeviceRule[]]>([
  ['everything', [{ allow: true, access: 'rwm' }]],
  [
    'everything but',
    [
      { allow: true, access: 'rwm' },
      { ...fuse, allow: false },
    ],
  ],
  [
    'a driver but',
    [
      { allow: true, type: 'b', major: 8 },
      { allow: false, type: 'b', major: 8, minor: 1 },
    ],
  ],
  ['a number of many drivers', [{ allow: true, type: 'c', minor: 3 }]],
  ['to be read alone', [{ ...fuse, access: 'r' }]],
])('%s is left to our own program', (_, given) => {
  expect(told(given)).toEqual(['auto', undefined]);
});

test('what the users of a list may make is in the usual one', () => {
  const allowed = deviceProperties(effectiveRules([]))[2]?.value;
  expect(allowed).toEqual(
    expect.arrayContaining([
      ['char-*', 'm'],
      ['block-*', 'm'],
      ['char-136', 'rwm'],
    ]),
  );
});
