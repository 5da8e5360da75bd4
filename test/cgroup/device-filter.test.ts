// Attaching a device filter: what the kernel says of one that it does not take.

import * as fs from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createCgroup } from '../../src/cgroup/create.js';
import { cgroupLayout } from '../../src/host/cgroup-layout.js';
import { deviceFilter } from '../../src/launch/device-filter.js';
import { addon } from '../../src/native/load.js';
import { effectiveRules } from '../../src/plan/device-rules.js';
import type { DeviceRule } from '../../src/spec/types.js';
import { needs } from '../rig/needs.js';

const { mount } = cgroupLayout();
const path = `${mount}/sampan-unit-filter-${process.pid}`;

function possible(): boolean {
  try {
    fs.closeSync(createCgroup(path));
    fs.rmdirSync(path);
    return process.geteuid?.() === 0;
  } catch {
    return false;
  }
}

const here = needs('unit', possible(), 'no cgroup2 and root, which bpf(2) takes');

function attach(program: Uint8Array): void {
  const fd = createCgroup(path);
  try {
    addon().attachDeviceFilter(fd, program);
  } finally {
    fs.closeSync(fd);
    fs.rmdirSync(path);
  }
}

function rule(given: Partial<DeviceRule>): DeviceRule {
  return { allow: true, type: 'c', major: 10, access: 'rwm', ...given };
}

describe('a device filter', () => {
  here('of the usual list is taken by the kernel, also many times over', () => {
    const program = deviceFilter(effectiveRules());
    for (let i = 0; i < 70; i += 1) attach(program);
  });

  here('of a long list is taken too', () => {
    const rules = Array.from({ length: 2000 }, (_, index): DeviceRule => {
      const access = ['r', 'w', 'rw', 'rwm', 'm'][index % 5];
      return { allow: index % 3 !== 0, type: 'c', major: 240 + (index % 7), minor: index, access };
    });
    attach(deviceFilter(effectiveRules(rules)));
  });

  const longest: Record<string, [(minor: number) => DeviceRule, number]> = {
    'two major numbers in turn': [(i) => rule({ major: i % 2, minor: i, access: 'r' }), 2600],
    'one major number, in part': [(minor) => rule({ minor, access: 'rw' }), 3900],
    'one major number, denied': [(minor) => rule({ minor, allow: false }), 3900],
    'one major number': [(minor) => rule({ minor }), 7900],
  };
  for (const [name, [make, count]] of Object.entries(longest)) {
    here(`of as many rules as one may have is taken: ${name}`, () => {
      const rules = Array.from({ length: count }, (_, minor) => make(minor));
      const all = { allow: !make(0).allow, access: 'rwm' };
      attach(deviceFilter(effectiveRules([all, ...rules])));
    });
  }

  here('that is none is refused with the words of the verifier', () => {
    const program = deviceFilter(effectiveRules()).slice(0, 16);
    expect(() => attach(program)).toThrow(
      expect.objectContaining({
        syscall: 'bpf',
        code: 'EINVAL',
        path: expect.stringMatching(/last insn|jump out of range|fell through/),
      }),
    );
  });

  test('is not attached to what is no cgroup', () => {
    const fd = fs.openSync('/tmp', 'r');
    const refused = () => addon().attachDeviceFilter(fd, deviceFilter(effectiveRules()));
    expect(refused).toThrow(expect.objectContaining({ syscall: 'bpf' }));
    fs.closeSync(fd);
  });
});
