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
