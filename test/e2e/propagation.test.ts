// Mounts that come into a container and go out of it while it runs (mount_namespaces(7)).

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { detached } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { asRoot } from '../rig/ways.js';

/** A mount of the host that it shares, with two directories to mount on. */
async function sharedFolder(rig: Rig): Promise<string> {
  const folder = rig.directory('shared');
  await rig.execute(['mount', '-t', 'tmpfs', 'tmpfs', folder]);
  await rig.execute(['mount', '--make-shared', folder]);
  for (const name of ['in', 'out']) mkdirSync(join(folder, name));
  return folder;
}

/** The folder on /tmp, for a process that may mount. */
function mayMount(bundle: Bundle, source: string, option: string, rootfsPropagation: string): void {
  bundle.edit(({ process, linux, mounts }) => {
    const needed = ['CAP_SYS_ADMIN'];
    process.capabilities = { bounding: needed, effective: needed, permitted: needed };
    if (rootfsPropagation) Object.assign(linux, { rootfsPropagation });
    const options = option ? ['rbind', option] : ['rbind'];
    mounts.push({ destination: '/tmp', type: 'bind', source, options });
  });
}

/** What arrives: a mount of the host in the container, and one of the container on the host. */
async function arrivals(rig: Rig, option: string, rootfsPropagation: string) {
  const folder = await sharedFolder(rig);
  const bundle = await rig.bundle();
  mayMount(bundle, folder, option, rootfsPropagation);
  const container = await detached(rig, bundle);
  await rig.execute(['mount', '-t', 'tmpfs', 'from-host', join(folder, 'in')]);
  const run = async (...args: string[]) =>
    (await rig.command(['exec', '--cap', 'CAP_SYS_ADMIN', container.id, ...args])).stdout;
  await run('mount', '-t', 'tmpfs', 'from-inside', '/tmp/out');
  const inside = await run('cat', '/proc/self/mountinfo');
  const { stdout: outside } = await rig.execute(['cat', '/proc/self/mountinfo']);
  await container.remove();
  await rig.execute(['umount', '-R', folder]);
  expect(inside).toContain('/tmp/out');
  return { in: inside.includes('/tmp/in '), out: outside.includes(join(folder, 'out')) };
}

asRoot('mounts made while a container runs', (promise) => {
  for (const [option, rootfs, expected] of [
    ['', '', { in: true, out: false }],
    ['rslave', '', { in: true, out: false }],
    ['rslave', 'rshared', { in: true, out: false }],
    ['', 'rslave', { in: true, out: false }],
    ['rprivate', '', { in: false, out: false }],
    ['', 'rprivate', { in: false, out: false }],
    ['runbindable', 'rshared', { in: false, out: false }],
    ['rshared', 'rshared', { in: true, out: true }],
    ['', 'rshared', { in: true, out: true }],
    ['', 'shared', { in: true, out: true }],
  ] as const) {
    const name = `option ${option || 'left out'}, rootfsPropagation ${rootfs || 'left out'}`;
    promise(name, async (rig) => {
      expect(await arrivals(rig, option, rootfs)).toEqual(expected);
    });
  }

  promise('a container without a mount namespace leaves / of the host as it is', async (rig) => {
    const bundle = (await rig.bundle()).edit((config) => {
      config.linux.namespaces = [{ type: 'pid' }];
      Object.assign(config.root, { readonly: false });
      Object.assign(config, { mounts: [] });
      Object.assign(config.linux, { maskedPaths: [], readonlyPaths: [] });
      delete config.hostname;
    });
    const run = [...rig.commandLine(), 'run', '-b', bundle.path, rig.newId()];
    const script =
      'mount --make-shared / && cat /proc/self/mountinfo && "$@" && cat /proc/self/mountinfo';
    const command = ['unshare', '-m', 'sh', '-c', script, 'sh', ...run];
    const { stdout, stderr } = await rig.execute(command);
    const roots = stdout.split('\n').filter((line) => line.split(' ')[4] === '/');
    expect({ stderr, count: roots.length }).toEqual({ stderr: '', count: 2 });
    expect(roots[0]).toMatch(/shared:/);
    expect(roots[1]).toBe(roots[0]);
  });
});
