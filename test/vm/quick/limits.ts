// linux.resources hold: what is written, and what the kernel makes of it.

import { expect } from '@jest/globals';
import type { Resources } from '../../../src/spec/types.js';
import { type Guest, inGuest } from '../containers.js';

const MB = 1024 * 1024;
/** The guest's. */
const DISK = { major: 259, minor: 0 };

inGuest('limits', 'quick', ['root', 'user'], (promise) => {
  promise('are in the files of the cgroup', async (guest) => {
    const files = 'memory.max memory.low memory.swap.max memory.high cpu.weight cpu.max pids.max';
    const script = `cd /sys/fs/cgroup; for f in ${files}; do echo $f $(cat $f); done`;
    const { stdout, stderr } = await run(guest, script, {
      memory: { limit: 64 * MB, reservation: 32 * MB, swap: 96 * MB },
      cpu: { shares: 2048, quota: 50_000, period: 200_000 },
      pids: { limit: 20 },
      unified: { 'memory.high': '48M' },
    });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      `memory.max ${64 * MB}`,
      `memory.low ${32 * MB}`,
      `memory.swap.max ${32 * MB}`,
      `memory.high ${48 * MB}`,
      'cpu.weight 174',
      'cpu.max 50000 200000',
      'pids.max 20',
    ]);
  });

  promise('a memory hog is killed', async (guest) => {
    const hog = 'dd if=/dev/zero of=/dev/null bs=200M count=1';
    const { status } = await run(guest, hog, { memory: { limit: 32 * MB, swap: 32 * MB } });
    expect(status).toBe(137);
    const fits = 'dd if=/dev/zero of=/dev/null bs=10M count=1';
    expect((await run(guest, fits, { memory: { limit: 64 * MB } })).status).toBe(0);
  });

  promise('a fork bomb stops at the limit', async (guest) => {
    const bomb = 'for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1 & done; wait';
    const { stderr } = await run(guest, bomb, { pids: { limit: 5 } });
    expect(stderr).toContain("can't fork");
  });

  promise('a spinning program is held to its share of time within 10 %', async (guest) => {
    const spin =
      'end=$(($(cut -d. -f1 /proc/uptime) + 6)); while [ $(cut -d. -f1 /proc/uptime) -lt $end ]; do :; done; ' +
      'grep usage_usec /sys/fs/cgroup/cpu.stat; cut -d" " -f1 /proc/uptime';
    const before = Number((await guest.output('cut -d" " -f1 /proc/uptime')).trim());
    const { stdout } = await run(guest, spin, { cpu: { quota: 20_000, period: 100_000 } });
    const [, usage, after] = /usage_usec (\d+)\n([\d.]+)/.exec(stdout) ?? [];
    const share = Number(usage) / 1e6 / (Number(after) - before);
    expect(share).toBeLessThan(0.22);
    expect(share).toBeGreaterThan(0.1);
  });

  promise('of half a megabyte let a small static program run', async (guest) => {
    const bundle = await guest.bundle('', (config) => {
      config.process.args = ['/bin/busybox', 'true'];
      config.linux.resources = { memory: { limit: 512 * 1024 } };
    });
    const { status, stderr } = await guest.run(`sampan run -b ${bundle} ${guest.newId()}`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  promise('that the kernel refuses are an error with their place', async (guest) => {
    const refused = await run(guest, 'true', { unified: { 'memory.max': 'lots' } });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /memory\.max to lots.*EINVAL.*\/linux\/resources\/unified\/memory\.max\]/,
    );
    const swap = await run(guest, 'true', { memory: { swap: 5 } });
    expect(swap.stderr).toContain('/linux/resources/memory/swap');
    expect(await guest.output('ls /sys/fs/cgroup | grep -c sampan- || true')).toBe('0\n');
  });
});

/**
 * Documents whose files have the same values under crun. The crun of Debian 13 has the former curve of
 * cpu.shares, limits no reserved huge pages, and is silent of devices of RDMA that are not there.
 */
const BESIDE_CRUN: Record<string, Resources> = {
  'memory and swap': { memory: { limit: 64 * MB, reservation: 32 * MB, swap: 96 * MB } },
  'memory without an end': { memory: { limit: -1, swap: -1 } },
  'memory that may not be swapped': { memory: { limit: 64 * MB, swap: 64 * MB } },
  'time of the CPU': {
    cpu: { quota: 50_000, period: 200_000, burst: 1000, cpus: '0-1', mems: '0' },
  },
  'a period alone': { cpu: { period: 50_000 } },
  'an idle group': { cpu: { idle: 1 } },
  processes: { pids: { limit: 20 } },
  'no limit on processes': { pids: { limit: -1 } },
  'memory nodes and one CPU': { cpu: { cpus: '1', mems: '0' } },
  'huge pages': {
    hugepageLimits: [
      { pageSize: '2MB', limit: 4 * MB },
      { pageSize: '1GB', limit: 2048 * MB },
    ],
  },
  'rates of a disk': {
    blockIO: {
      throttleReadBpsDevice: [{ ...DISK, rate: 3 * MB }],
      throttleWriteBpsDevice: [{ ...DISK, rate: 2 * MB }],
      throttleReadIOPSDevice: [{ ...DISK, rate: 300 }],
      throttleWriteIOPSDevice: [{ ...DISK, rate: 200 }],
    },
  },
  'weight of its I/O': { blockIO: { weight: 300 } },
  'weight on a disk': { blockIO: { weight: 300, weightDevice: [{ ...DISK, weight: 700 }] } },
  'files by name': {
    unified: {
      'memory.high': '48M',
      'cpu.weight': '300',
      'memory.oom.group': '1',
      'io.weight': '50',
    },
  },
};

inGuest('limits beside crun', 'quick', ['root'], (promise) => {
  promise('the same documents give the same values', async (guest) => {
    const dev = (await guest.output('cat /sys/block/nvme0n1/dev')).trim();
    expect(dev).toBe(`${DISK.major}:${DISK.minor}`);
    const files =
      'memory.max memory.low memory.high memory.swap.max memory.oom.group cpu.max cpu.max.burst ' +
      'cpu.weight cpu.idle cpuset.cpus cpuset.mems pids.max hugetlb.2MB.max hugetlb.1GB.max ' +
      'io.max io.weight io.bfq.weight rdma.max';
    // With the scheduler that has weights of its own.
    await guest.output('modprobe bfq && echo bfq >/sys/block/nvme0n1/queue/scheduler');
    const script = `cd /sys/fs/cgroup; for f in ${files}; do echo $f $(cat $f); done`;
    for (const [what, resources] of Object.entries(BESIDE_CRUN)) {
      const bundle = await guest.bundle(script, ({ linux }) => Object.assign(linux, { resources }));
      const ours = await guest.output(`sampan run -b ${bundle} ${guest.newId()}`);
      const crun = await guest.output(`crun run -b ${bundle} ${guest.newId()}`);
      expect({ what, values: ours }).toEqual({ what, values: crun });
    }
    await guest.output('echo none >/sys/block/nvme0n1/queue/scheduler');
  });

  promise('a device of RDMA that is not there is refused with its place', async (guest) => {
    const rdma = { mlx5_0: { hcaHandles: 3, hcaObjects: 10_000 } };
    const bundle = await guest.bundle('true', ({ linux }) => {
      linux.resources = { rdma };
    });
    const { status, stderr } = await guest.run(`sampan run -b ${bundle} ${guest.newId()}`);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        /set rdma\.max to mlx5_0 hca_handle=3 hca_object=10000: .*ENODEV.*\/linux\/resources\/rdma\/mlx5_0\]; there is no such device/,
      ),
    ]);
  });
});

async function run(guest: Guest, script: string, resources: Resources) {
  const bundle = await guest.bundle(script, ({ linux }) => Object.assign(linux, { resources }));
  return guest.run(`sampan run -b ${bundle} ${guest.newId()}`);
}
