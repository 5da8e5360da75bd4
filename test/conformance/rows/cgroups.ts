// config-linux.md#control-groups, on version 2.

import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { SectionName } from '../../rig/probe.js';
import { until } from '../../rig/until.js';
import { all, ofLinux, ofProcess, withNamespace, withoutNamespace } from '../changes.js';
import { asRoot, type Check, needs, row } from '../row.js';
import type { Change, Subject } from '../subject.js';
import { controllers } from '../try-case.js';

/** Files of the container’s own cgroup, which is the root of what it sees. */
function limits(resources: unknown, files: Readonly<Record<string, string>>): Check {
  return async (subject) => {
    const names = Object.keys(files).map((file) => `file:/sys/fs/cgroup/${file}` as const);
    const seen = await subject.sees(names, all(withNamespace('cgroup'), ofLinux({ resources })));
    const found = names.map((name) => String(seen[name]).trim());
    deepEqual(found, Object.values(files));
  };
}

/** A limit of a controller; untested where version 2 has not got it. */
function of(controller: string, resources: unknown, files: Readonly<Record<string, string>>) {
  return needs(
    controllers?.includes(controller) ?? false,
    `no ${controller} controller in version 2`,
    asRoot(limits(resources, files)),
  );
}

const allCapabilities = (...names: string[]) =>
  Object.fromEntries(['bounding', 'effective', 'permitted'].map((set) => [set, names]));

/** A device made and opened in a container whose cgroup has these rules. */
async function opens(subject: Subject, rules: readonly unknown[], device: string) {
  const section = `device:/dev/shm/node,${device}` as const;
  const devices = [{ allow: false, access: 'rwm' }, ...rules];
  const change: Change = all(
    ofLinux({ resources: { devices } }),
    ofProcess({ capabilities: allCapabilities('CAP_MKNOD') }),
    ({ mounts }) => {
      const shm = mounts.find(({ destination }) => destination === '/dev/shm');
      if (shm) shm.options = ['nosuid', 'noexec', 'mode=1777'];
    },
  );
  return (await subject.sees([section as SectionName], change))[section];
}

const fuse = 'c,10,229';
const full = 'c,1,7';
const denied = { errno: 'EPERM' };
const opened = { result: 0 };

const pure = controllers !== undefined;
const noView = 'no cgroup2 that the tests may mount';
const canFuse = pure && existsSync('/dev/fuse');
const noFuse = 'no fuse device to try, or no cgroup2';

export const cgroupRows = [
  row('linux.cgroupsPath', 'absolute or relative; the same value is the same place', {
    'absolute: from the mount of the hierarchy': needs(
      pure,
      noView,
      asRoot(async (subject) => {
        const cgroupsPath = `/${subject.rig.token}-absolute`;
        equal(await cgroupOf(subject, cgroupsPath), cgroupsPath);
      }),
    ),
    'relative: the same place each time': needs(
      pure,
      noView,
      asRoot(async (subject) => {
        const cgroupsPath = `${subject.rig.token}-relative`;
        const first = await cgroupOf(subject, cgroupsPath);
        ok(first.endsWith(cgroupsPath), first);
        equal(await cgroupOf(subject, cgroupsPath), first);
      }),
    ),
    'absent: one of its own': needs(
      pure,
      noView,
      asRoot(async (subject) => {
        const first = await cgroupOf(subject);
        notEqual(first, await cgroupOf(subject));
      }),
    ),
    'nothing is left of it after the container': needs(
      pure,
      noView,
      asRoot(async (subject) => {
        await cgroupOf(subject, `/${subject.rig.token}-gone`);
        const script = 'ls /sys/fs/cgroup';
        const { stdout } = await subject.rig.execute(['sh', '-c', script]);
        ok(!stdout.includes(subject.rig.token));
      }),
    ),
    'one that a process is in is refused (MAY)': needs(
      pure,
      noView,
      asRoot(async (subject) => {
        const path = `/${subject.rig.token}-busy`;
        const bundle = subject.bundle(
          all(ofLinux({ cgroupsPath: path }), ofProcess({ args: ['/bin/sleep', '1000'] })),
        );
        const id = subject.rig.newId();
        await subject.succeeds('run', '--bundle', bundle.path, '--detach', id);
        await subject.refuses(ofLinux({ cgroupsPath: path }));
        await subject.succeeds('delete', '--force', id);
      }),
    ),
  }),
  row('resources.devices', 'rules in order, the last that fits counts', {
    'nothing but the usual is there by default': needs(
      canFuse,
      noFuse,
      asRoot(async (subject) => {
        deepEqual(await opens(subject, [], fuse), denied);
      }),
    ),
    'the usual devices are': needs(
      pure,
      noView,
      asRoot(async (subject) => deepEqual(await opens(subject, [], full), opened)),
    ),
    'one that is allowed': needs(
      canFuse,
      noFuse,
      asRoot(async (subject) => {
        const rule = { allow: true, type: 'c', major: 10, minor: 229, access: 'rwm' };
        deepEqual(await opens(subject, [rule], fuse), opened);
        deepEqual(await opens(subject, [{ ...rule, access: 'rm' }], fuse), denied);
      }),
    ),
    'all of a major number': needs(
      canFuse,
      noFuse,
      asRoot(async (subject) => {
        const rule = { allow: true, type: 'c', major: 10, access: 'rwm' };
        deepEqual(await opens(subject, [rule], fuse), opened);
      }),
    ),
    'a later rule takes it back': needs(
      canFuse,
      noFuse,
      asRoot(async (subject) => {
        const rule = { type: 'c', major: 10, minor: 229, access: 'rwm' };
        const rules = [
          { ...rule, allow: true },
          { ...rule, allow: false },
        ];
        deepEqual(await opens(subject, rules, fuse), denied);
      }),
    ),
  }),
  row('resources.memory', 'limit, reservation, swap (which includes memory)', {
    limit: of('memory', { memory: { limit: 64 << 20 } }, { 'memory.max': `${64 << 20}` }),
    reservation: of(
      'memory',
      { memory: { reservation: 32 << 20 } },
      { 'memory.low': `${32 << 20}` },
    ),
    swap: of(
      'memory',
      { memory: { limit: 64 << 20, swap: 96 << 20 } },
      { 'memory.max': `${64 << 20}`, 'memory.swap.max': `${32 << 20}` },
    ),
    '-1 is no limit': of('memory', { memory: { limit: -1 } }, { 'memory.max': 'max' }),
  }),
  row('resources.cpu', 'shares, quota, period, burst, idle, cpus, mems', {
    'quota and period': of(
      'cpu',
      { cpu: { quota: 5000, period: 10000 } },
      { 'cpu.max': '5000 10000' },
    ),
    burst: of(
      'cpu',
      { cpu: { quota: 5000, period: 10000, burst: 2000 } },
      { 'cpu.max.burst': '2000' },
    ),
    'shares of 1024 are the weight 100': of(
      'cpu',
      { cpu: { shares: 1024 } },
      { 'cpu.weight': '100' },
    ),
    idle: of('cpu', { cpu: { idle: 1 } }, { 'cpu.idle': '1' }),
    'cpus and mems': of(
      'cpuset',
      { cpu: { cpus: '0', mems: '0' } },
      { 'cpuset.cpus': '0', 'cpuset.mems': '0' },
    ),
  }),
  row('resources.pids', '0 is a limit too', {
    limit: of('pids', { pids: { limit: 33 } }, { 'pids.max': '33' }),
  }),
  row('resources.blockIO', 'weight, throttles', {
    weight: of('io', { blockIO: { weight: 500 } }, { 'io.weight': 'default 4950' }),
  }),
  row('resources.hugepageLimits', 'with the reservation limit where the kernel has it', {
    'limit and reservation': needs(
      controllers?.includes('hugetlb') ?? false,
      'no hugetlb controller in version 2',
      asRoot(
        limits(
          { hugepageLimits: [{ pageSize: '2MB', limit: 4 << 20 }] },
          { 'hugetlb.2MB.max': `${4 << 20}`, 'hugetlb.2MB.rsvd.max': `${4 << 20}` },
        ),
      ),
    ),
  }),
  row('resources.rdma', 'handles and objects', {
    handles: of('rdma', { rdma: { none: { hcaHandles: 1 } } }, {}),
  }),
  row('resources.unified', 'files by name; what is not there is an error', {
    'is written as it is': needs(
      controllers?.includes('hugetlb') ?? false,
      'no hugetlb controller in version 2',
      asRoot(
        limits({ unified: { 'hugetlb.2MB.max': '2097152' } }, { 'hugetlb.2MB.max': '2097152' }),
      ),
    ),
    'of cgroup itself': needs(
      pure,
      noView,
      asRoot(
        limits({ unified: { 'cgroup.max.descendants': '7' } }, { 'cgroup.max.descendants': '7' }),
      ),
    ),
    'a file that is not there is an error': needs(
      pure,
      noView,
      asRoot((subject) => subject.refuses(ofLinux({ resources: { unified: { 'no.such': '1' } } }))),
    ),
    'a key with a slash is an error': needs(
      pure,
      noView,
      asRoot((subject) =>
        subject.refuses(ofLinux({ resources: { unified: { '../cgroup.procs': '1' } } })),
      ),
    ),
  }),
  row('a container is ended as a whole', 'cgroup.kill, or all its processes', {
    'without a pid namespace of its own': needs(
      pure,
      noView,
      asRoot(async (subject) => {
        const script = 'sleep 1001 & sleep 1001 & wait';
        const args = ['/bin/sh', '-c', script, subject.rig.token];
        const bundle = subject.bundle(all(withoutNamespace('pid'), ofProcess({ args })));
        const id = subject.rig.newId();
        await subject.succeeds('run', '--bundle', bundle.path, '--detach', id);
        const sleepers = () => processes(subject.rig.token).length;
        ok(await until(() => sleepers() === 3), `${sleepers()}`);
        await subject.succeeds('delete', '--force', id);
        ok(await until(() => sleepers() === 0), `${sleepers()}`);
      }),
    ),
  }),
];

/** Pids whose root file system is the rig’s. */
function processes(token: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const text = readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
      const root = text.split('\n').find((line) => line.split(' ')[4] === '/');
      return /^\d+$/.test(pid) && (root?.includes(token) ?? false);
    } catch {
      return false;
    }
  });
}

/** The cgroup of a container, from the root of the hierarchy of version 2. */
async function cgroupOf(subject: Subject, cgroupsPath?: string): Promise<string> {
  const change = all(withoutNamespace('cgroup'), ofLinux({ ...(cgroupsPath && { cgroupsPath }) }));
  const { cgroup } = await subject.sees(['cgroup'], change);
  return cgroup.find((line) => line.startsWith('0::'))?.slice(3) ?? '';
}
