// linux.resources as engines write it, and at the ends of the numbers.

import { expect, test } from '@jest/globals';
import { limitsOf } from '../../src/plan/resources/index.js';
import type { Resources } from '../../src/spec/types.js';
import { checkConfig } from '../../src/spec/validate.js';

/** What is written when no limit was asked for: unset comes as 0, null, false or an empty list. */
const unset = {
  podman: { devices: [{ allow: false, access: 'rwm' }], pids: { limit: 2048 } },
  'dockerd, cgroup version 2': {
    devices: [{ allow: false, access: 'rwm' }],
    memory: {},
    cpu: { shares: 0 },
    pids: { limit: -1 },
    blockIO: { weight: 0 },
  },
  'Go with every pointer written out': {
    memory: {
      ...{ limit: null, reservation: null, swap: null, kernel: null, kernelTCP: null },
      ...{ swappiness: null, disableOOMKiller: null, useHierarchy: null },
    },
    cpu: { quota: null, period: null, realtimeRuntime: null, realtimePeriod: null, idle: null },
    blockIO: { weight: null, leafWeight: null, weightDevice: null, throttleReadBpsDevice: null },
    hugepageLimits: null,
    network: { classID: null, priorities: null },
    rdma: null,
    unified: null,
  },
  'dockerd and containerd, cgroup version 1': {
    memory: { limit: 0, reservation: 0, swap: 0, kernel: 0, kernelTCP: 0, disableOOMKiller: false },
    cpu: {
      shares: 0,
      quota: 0,
      period: 0,
      realtimeRuntime: 0,
      realtimePeriod: 0,
      cpus: '',
      mems: '',
    },
    blockIO: { weight: 0, leafWeight: 0, weightDevice: [], throttleReadBpsDevice: [] },
    hugepageLimits: [],
    network: { classID: 0, priorities: [] },
  },
  unlimited: {
    memory: { limit: -1, reservation: -1, swap: -1, kernel: -1, kernelTCP: -1 },
    cpu: { quota: -1, realtimeRuntime: -1 },
    pids: { limit: -1 },
  },
};

test.each(Object.entries(unset))('nothing is said of what %s leaves unset', (_, resources) => {
  const { refusals, warnings } = limitsOf(checked(resources));
  expect({ refusals, warnings }).toEqual({ refusals: [], warnings: [] });
});

test.each<[name: string, resources: Resources, alternative: RegExp]>([
  ['swappiness', { memory: { swappiness: 60 } }, /memory\.swap/],
  ['disableOOMKiller', { memory: { disableOOMKiller: true } }, /memory\.high/],
  ['realtimeRuntime', { cpu: { realtimeRuntime: 5 } }, /process\.scheduler/],
  ['realtimePeriod', { cpu: { realtimePeriod: 5 } }, /process\.scheduler/],
  ['leafWeight', { blockIO: { leafWeight: 10 } }, /use weight/],
  ['classID', { network: { classID: 5 } }, /nftables/],
  ['priorities', { network: { priorities: [{ name: 'lo', priority: 5 }] } }, /nftables/],
])('what stands for %s in version 2 is told', (name, resources, alternative) => {
  const { refusals } = limitsOf(checked(resources));
  expect(refusals).toEqual([
    {
      pointer: expect.stringContaining(`/${name}`),
      cause: expect.stringContaining('version 2'),
      remedy: expect.stringMatching(alternative),
    },
  ]);
});

test.each(['kernel', 'kernelTCP'] as const)('memory.%s is part of memory.limit', (name) => {
  const { refusals, warnings } = limitsOf({ memory: { [name]: 4096 } });
  expect(refusals).toEqual([]);
  expect(warnings).toEqual([
    {
      pointer: `/linux/resources/memory/${name}`,
      message: expect.stringContaining('memory.limit counts it too'),
    },
  ]);
});

test('numbers that only version 1 had for "no limit" are none', () => {
  // 2^63 - 4096, as memory.limit_in_bytes shows it, and the greatest of 64 bits.
  const [limit, most] = [2 ** 63 - 4096, 2 ** 64];
  const { writes } = limitsOf({
    memory: { limit },
    hugepageLimits: [{ pageSize: '2MB', limit: most }],
    blockIO: { throttleReadBpsDevice: [{ major: 8, minor: 0, rate: most }] },
  });
  expect(writes.map(({ file, value }) => `${file}=${value}`)).toEqual([
    'memory.max=9223372036854771712',
    'io.max=8:0 rbps=max',
    'hugetlb.2MB.max=max',
    'hugetlb.2MB.rsvd.max=max',
  ]);
});

/** As the runtime reads it. */
function checked(resources: unknown): Resources {
  const config = { ociVersion: '1.3.0', root: { path: 'rootfs' }, linux: { resources } };
  const result = checkConfig(JSON.stringify(config));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config.linux?.resources ?? {};
}
