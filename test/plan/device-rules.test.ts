// The list of devices in force: the rules given, and what is always allowed.

import { describe, expect, test } from '@jest/globals';
import {
  allowsAll,
  effectiveRules,
  isUsual,
  mayAccess,
  ruleText,
} from '../../src/plan/device-rules.js';
import type { DeviceRule } from '../../src/spec/types.js';

const denyAll: DeviceRule = { allow: false, access: 'rwm' };
const fuse = { type: 'c', major: 10, minor: 229 } as const;
const disk = { type: 'b', major: 8, minor: 0 } as const;
const zero = { type: 'c', major: 1, minor: 5 } as const;

function may(given: DeviceRule[], device: typeof fuse | typeof disk | typeof zero): string {
  const rules = effectiveRules(given);
  return [...'rwm'].filter((access) => mayAccess(rules, device, access)).join('');
}

describe('a list of devices', () => {
  test.each<[string, DeviceRule[]]>([
    ['none', []],
    ['deny all', [denyAll]],
    ['deny all without a word on access', [{ allow: false }]],
    ['deny all, and some of it again', [denyAll, { allow: false, ...fuse, access: 'rwm' }]],
    ['allow one, then deny all', [{ allow: true, ...fuse, access: 'rw' }, denyAll]],
    ['what engines add, which is always allowed', [denyAll, { allow: true, ...zero }]],
    ['nothing allowed of a device', [denyAll, { allow: true, ...fuse, access: '' }]],
  ])('comes to the usual: %s', (_, given) => {
    expect(isUsual(effectiveRules(given))).toBe(true);
  });

  test('denies what it does not name, but never the making of a node', () => {
    expect([may([], fuse), may([], disk), may([], zero)]).toEqual(['m', 'm', 'rwm']);
  });

  test('is applied in order: the last word counts', () => {
    const all = { allow: true, type: 'c', major: 10, access: 'rw' };
    const not = { allow: false, ...fuse, access: 'w' };
    expect(may([denyAll, all, not], fuse)).toBe('rm');
    expect(may([denyAll, not, all], fuse)).toBe('rwm');
    expect(may([denyAll, all, denyAll], fuse)).toBe('m');
  });

  test('adds up what rules say of different kinds of access', () => {
    const list = [denyAll, { allow: true, ...disk, access: 'r' }];
    expect(may(list, disk)).toBe('rm');
    expect(may([...list, { allow: true, ...disk, access: 'w' }], disk)).toBe('rwm');
  });

  test('that allows all denies nothing, and some of it if it says so', () => {
    const all = { allow: true, type: 'a', access: 'rwm' };
    expect(allowsAll(effectiveRules([denyAll, all]))).toBe(true);
    const but = [all, { allow: false, ...disk, access: 'w' }];
    expect(allowsAll(effectiveRules(but))).toBe(false);
    expect([may(but, disk), may(but, fuse)]).toEqual(['rm', 'rwm']);
  });

  test('about all devices, but not all kinds of access, leaves the rest as it was', () => {
    expect(may([denyAll, { allow: true, type: 'a', access: 'r' }], disk)).toBe('rm');
  });

  test('reads as the kernel’s own files', () => {
    const rules = effectiveRules([denyAll, { allow: true, type: 'b', major: 8, access: 'mr' }]);
    expect(rules.slice(0, 3).map(ruleText)).toEqual([
      'deny all rwm',
      'allow b 8:* rm',
      'allow c *:* m',
    ]);
  });
});
