// What limits do to programs that want more, and what `update` makes of them meanwhile.

import { expect } from '@jest/globals';
import type { Resources } from '../../../src/spec/types.js';
import type { BundleConfig } from '../../rig/bundle.js';
import { type Guest, inGuest } from '../containers.js';

const MB = 1024 * 1024;

inGuest('limits that hold', 'quick', ['root', 'user'], (promise) => {
  promise('a writer is held to its rate within 20 %, and to the next one', async (guest) => {
    const device = await disk(guest);
    const id = await started(guest, (config) => {
      config.linux.resources = {
        blockIO: { throttleWriteBpsDevice: [{ ...device, rate: 2 * MB }] },
      };
    });
    expectWithin(await writeRate(guest, id, 8), 2 * MB, 0.2);
    const faster = { blockIO: { throttleWriteBpsDevice: [{ ...device, rate: 4 * MB }] } };
    await update(guest, id, faster);
    expectWithin(await writeRate(guest, id, 16), 4 * MB, 0.2);
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('of two that spin on one CPU each has its share by weight', async (guest) => {
    const spin = (weight: string) =>
      started(guest, ({ process, linux }) => {
        process.args = ['sh', '-c', 'while :; do :; done'];
        linux.resources = { cpu: { cpus: '0' }, unified: { 'cpu.weight': weight } };
      });
    const [light, heavy] = [await spin('100'), await spin('400')];
    expectWithin(await shareOf(guest, heavy, light), 4, 0.25);
    await update(guest, heavy, { unified: { 'cpu.weight': '100' } });
    expectWithin(await shareOf(guest, heavy, light), 1, 0.25);
    await guest.output(`sampan delete -f ${light}; sampan delete -f ${heavy}`);
  });

  promise('cpus are those that may be used, and the next ones', async (guest) => {
    const id = await started(guest, ({ linux }) => {
      linux.resources = { cpu: { cpus: '1' } };
    });
    const allowed = `sampan exec ${id} grep Cpus_allowed_list /proc/1/status | cut -f2`;
    expect(await guest.output(allowed)).toBe('1\n');
    await guest.output(`sampan update --cpuset-cpus 0 ${id}`);
    expect(await guest.output(allowed)).toBe('0\n');
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('a quota with a burst, and another while it runs', async (guest) => {
    const id = await started(guest, ({ linux }) => {
      linux.resources = { cpu: { quota: 20_000, period: 100_000, burst: 10_000 } };
    });
    const files = `sampan exec ${id} cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu.max.burst`;
    expect(await guest.output(files)).toBe('20000 100000\n10000\n');
    await guest.output(`sampan update --cpu-quota 40000 --cpu-burst 20000 ${id}`);
    expect(await guest.output(files)).toBe('40000 100000\n20000\n');
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('memory.high keeps a writer of files below, without a kill', async (guest) => {
    const id = await started(guest, ({ linux }) => {
      linux.resources = { unified: { 'memory.high': String(16 * MB) } };
    });
    const write = 'dd if=/dev/zero of=/tmp/high bs=1M count=40 2>/dev/null';
    const look =
      'cat /sys/fs/cgroup/memory.current; grep -E "^(high|oom_kill) " /sys/fs/cgroup/memory.events';
    const text = await guest.output(`sampan exec ${id} sh -c '${write}; ${look}'`);
    const [current, high, kills] = text.match(/\d+/g)?.map(Number) ?? [];
    expect(current).toBeLessThan(20 * MB);
    expect(high).toBeGreaterThan(0);
    expect(kills).toBe(0);
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('a fork bomb stops at the limit, and kill --all ends it', async (guest) => {
    const id = await started(guest, ({ process, linux }) => {
      process.args = ['sh', '-c', 'bomb() { bomb & bomb & wait; }; bomb 2>/dev/null; sleep 1000'];
      linux.resources = { pids: { limit: 20 } };
    });
    const cgroup = await guest.cgroup(id);
    const refused = `until grep -q "max [1-9]" ${cgroup}/pids.events; do sleep 0.1; done`;
    const current = Number(await guest.output(`${refused}; cat ${cgroup}/pids.current`));
    expect(current).toBeLessThanOrEqual(20);
    expect(current).toBeGreaterThan(5);
    const end = `
      sampan kill --all ${id} KILL
      for i in $(seq 100); do sampan state ${id} | grep -q stopped && break; sleep 0.2; done
      sampan delete ${id}; pgrep -c -f '[b]omb() ' || true`;
    expect(await guest.output(end)).toBe('0\n');
  });
});

// A hugetlbfs may not be mounted in a user namespace.
inGuest('limits that hold for huge pages', 'quick', ['root'], (promise) => {
  promise('no more are given than the limit, and than the next one', async (guest) => {
    await guest.asRoot('echo 8 >/proc/sys/vm/nr_hugepages');
    const bundleRoot = (config: BundleConfig) => {
      config.root = { path: '/', readonly: true };
      config.mounts.push({
        ...{ destination: '/mnt', type: 'hugetlbfs', source: 'none', options: ['pagesize=2M'] },
      });
      config.linux.resources = { hugepageLimits: [{ pageSize: '2MB', limit: 4 * MB }] };
    };
    const id = await started(guest, bundleRoot);
    const reserved = `sampan exec ${id} cat /sys/fs/cgroup/hugetlb.2MB.rsvd.max`;
    expect(await guest.output(reserved)).toBe(`${4 * MB}\n`);
    const take = async (pages: number) => {
      const script = `rm -f /mnt/f; fallocate -l ${pages * 2}M /mnt/f`;
      return (await guest.run(`sampan exec ${id} sh -c '${script}'`)).status;
    };
    expect([await take(2), await take(3)]).toEqual([0, 1]);
    await update(guest, id, { hugepageLimits: [{ pageSize: '2MB', limit: 6 * MB }] });
    expect([await take(3), await take(4)]).toEqual([0, 1]);
    await guest.output(`sampan delete -f ${id}`);
  });
});

/** A container with a place on the guest's disk at /tmp; its id. */
async function started(guest: Guest, edit: (config: BundleConfig) => void): Promise<string> {
  const id = guest.newId();
  const data = guest.who === 'root' ? '/root' : '/home/user';
  const bundle = await guest.bundle('exec sleep 1000', (config) => {
    config.mounts.push({
      ...{ destination: '/tmp', type: 'bind', source: data, options: ['bind', 'rw'] },
    });
    edit(config);
  });
  await guest.output(
    `sampan run -d -b ${bundle} ${id} </dev/null >/dev/null 2>/tmp/${id}.err || { cat /tmp/${id}.err; exit 1; }`,
  );
  return id;
}

function update(guest: Guest, id: string, resources: Resources): Promise<string> {
  return guest.output(`echo '${JSON.stringify(resources)}' | sampan update -r - ${id}`);
}

/** The number of the guest's disk. */
async function disk(guest: Guest): Promise<{ major: number; minor: number }> {
  const [major = 0, minor = 0] = (await guest.output('cat /sys/block/nvme0n1/dev'))
    .split(':')
    .map(Number);
  return { major, minor };
}

/** Bytes per second of a program that writes `megabytes` past the page cache. */
async function writeRate(guest: Guest, id: string, megabytes: number): Promise<number> {
  const write = `dd if=/dev/zero of=/tmp/written bs=128k count=${megabytes * 8} oflag=direct conv=notrunc 2>/dev/null`;
  const clock = 'cut -d" " -f1 /proc/uptime';
  const text = await guest.output(
    `sampan exec ${id} sh -c '${clock}; ${write} && ${clock}; rm /tmp/written'`,
  );
  const [before = 0, after = 0] = text.trim().split('\n').map(Number);
  return (megabytes * MB) / (after - before);
}

/** How many times the CPU time of `other` a container uses within some seconds. */
async function shareOf(guest: Guest, id: string, other: string): Promise<number> {
  const files = [await guest.cgroup(id), await guest.cgroup(other)].map(
    (path) => `${path}/cpu.stat`,
  );
  // In one process: between two more of them time would pass for one container only.
  const used = `sed -n 's/usage_usec //p' ${files.join(' ')}`;
  const text = await guest.output(`${used}; sleep 4; ${used}`);
  const [a = 0, b = 0, c = 0, d = 0] = text.trim().split('\n').map(Number);
  return (c - a) / (d - b);
}

function expectWithin(value: number, wanted: number, part: number): void {
  expect(value).toBeGreaterThan(wanted * (1 - part));
  expect(value).toBeLessThan(wanted * (1 + part));
}
