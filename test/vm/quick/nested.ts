// sampan in a container of sampan that may divide its cgroup: limits hold there too.

import { expect } from '@jest/globals';
import type { BundleConfig } from '../../rig/bundle.js';
import { type Guest, inGuest } from '../containers.js';

const ALL = Array.from({ length: 3 }, (_, index) => index);

inGuest('a container in a container', 'quick', ['root', 'user'], (promise) => {
  promise('has its limits, in a cgroup beside those who asked for it', async (guest) => {
    expect(await nested(guest, guest.who === 'user')).toEqual(ALL.map(() => INNER));
  });
});

inGuest('a container in a container', 'quick', ['root'], (promise) => {
  promise('also where the outer one has ids of its own', async (guest) => {
    expect(await nested(guest, true)).toEqual(ALL.map(() => INNER));
  });

  promise('moves no processes but those of its own cgroup', async (guest) => {
    const bundle = await guest.bundle('true', ({ linux }) => {
      linux.cgroupsPath = '/taken/below';
      linux.resources = { pids: { limit: 5 } };
    });
    const script = `
      cd /sys/fs/cgroup && mkdir taken && { sleep 1000 & } && echo $! >taken/cgroup.procs
      sampan run -b ${bundle} ${guest.newId()}; echo $?
      cat taken/cgroup.procs | wc -l; ls -d taken/*/ 2>/dev/null
      kill $!; wait $!; rmdir taken`;
    // In the namespace of a container its own cgroup looks like the top of all.
    const { stdout, stderr } = await guest.run(
      `unshare --cgroup --mount sh -c '${IN_NAMESPACE}\n${script}'`,
    );
    expect(stderr).toMatch(/\/taken: processes of something else are in this cgroup/);
    expect(stdout).toBe('1\n1\n');
  });
});

const IN_NAMESPACE = 'umount /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup';

const INNER = ['0::/', '33554432', '7'];

/** What three containers, one after the other, see in one that they are run in. */
async function nested(guest: Guest, ownIds: boolean): Promise<string[][]> {
  const look = 'grep ^0: /proc/self/cgroup; cd /sys/fs/cgroup; cat memory.max pids.max';
  const inner = await guest.bundle(look, (config) => {
    config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== 'user');
    delete config.linux.uidMappings;
    delete config.linux.gidMappings;
    config.linux.resources = { memory: { limit: 33_554_432 }, pids: { limit: 7 } };
  });
  const commands = ALL.map((index) => `sampan --root /run/s run -b ${inner} c${index}`).join('; ');
  const leaves = 'find /sys/fs/cgroup -mindepth 1 -type d | wc -l';
  const outer = await guest.bundle(`set -e; ${commands}; ${leaves}`, (config) => {
    whole(config, inner);
    if (ownIds) useIds(guest, config.linux);
  });
  const output = await guest.output(`sampan run -b ${outer} ${guest.newId()}`);
  const lines = output.trimEnd().split('\n');
  // One leaf for all callers, however often it is asked for.
  expect(lines.pop()).toBe('1');
  return ALL.map((index) => lines.slice(index * INNER.length, (index + 1) * INNER.length));
}

/** The guest's own root, and what a runtime needs. */
function whole(config: BundleConfig, inner: string): void {
  Object.assign(config.process, { env: ['PATH=/host:/usr/sbin:/usr/bin:/sbin:/bin'] });
  Object.assign(config.process, { noNewPrivileges: false });
  const all = config.process.capabilities?.bounding ?? [];
  const needed = [...new Set([...all, 'CAP_SYS_ADMIN', 'CAP_SETUID', 'CAP_SETGID', 'CAP_CHOWN'])];
  const capabilities = [...needed, 'CAP_DAC_OVERRIDE', 'CAP_SETPCAP', 'CAP_MKNOD', 'CAP_NET_ADMIN'];
  for (const set of ['bounding', 'effective', 'permitted'] as const) {
    Object.assign(config.process.capabilities ?? {}, { [set]: capabilities });
  }
  config.root = { path: '/', readonly: true };
  config.linux.resources = { memory: { limit: 2 ** 28 }, pids: { limit: 100 } };
  for (const mount of config.mounts) {
    if (mount.destination === '/sys/fs/cgroup') mount.options = ['nosuid', 'noexec', 'nodev'];
  }
  const run = ['/run', '/tmp'].map((destination) => ({
    ...{ destination, type: 'tmpfs', source: 'tmpfs', options: ['mode=755'] },
  }));
  const host = ['/host', inner].map((path) => ({
    ...{ destination: path, type: 'bind', source: path, options: ['bind', 'ro'] },
  }));
  config.mounts.push(...run, ...host);
  Object.assign(config.linux, { maskedPaths: [], readonlyPaths: [] });
}

function useIds({ who }: Guest, linux: BundleConfig['linux']): void {
  const first = who === 'root' ? 200_000 : 100_000;
  const map =
    who === 'root'
      ? [{ containerID: 0, hostID: first, size: 65_536 }]
      : [
          { containerID: 0, hostID: 1000, size: 1 },
          { containerID: 1, hostID: first, size: 65_535 },
        ];
  linux.namespaces = linux.namespaces.filter(({ type }) => type !== 'user');
  linux.namespaces.push({ type: 'user' });
  Object.assign(linux, { uidMappings: map, gidMappings: map });
}
