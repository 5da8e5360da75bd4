// The embedded addon is loaded wherever the executable is run, and from no name others could prepare.

import { dirname } from 'node:path';
import { expect } from '@jest/globals';
import type { Rig } from '../rig/rig.js';
import { asRoot } from '../rig/ways.js';

/** Runs `echo loaded` in a container, in a mount namespace that `mounts` has changed. */
async function runAfter(rig: Rig, mounts: string): Promise<string> {
  const bundle = await rig.bundle();
  bundle.runs('echo loaded');
  const run = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
  const { stdout, stderr } = await rig.execute([
    ...['unshare', '--mount', 'sh', '-ec', `${mounts}; exec "$@"`, 'sh'],
    ...run,
  ]);
  return stdout + stderr;
}

asRoot('the embedded addon', (promise) => {
  promise('is loaded with /dev/shm mounted noexec', async (rig) => {
    expect(await runAfter(rig, 'mount -t tmpfs -o noexec none /dev/shm')).toBe('loaded\n');
  });

  promise('is loaded with a full /dev/shm', async (rig) => {
    expect(await runAfter(rig, 'mount -t tmpfs -o size=8k none /dev/shm')).toBe('loaded\n');
  });

  promise('is loaded with a read-only /dev/shm', async (rig) => {
    expect(await runAfter(rig, 'mount -t tmpfs -o ro none /dev/shm')).toBe('loaded\n');
  });

  promise('is loaded where /tmp cannot be written to', async (rig) => {
    const place = dirname(rig.stateDirectory);
    const own = `mount --rbind ${place} ${place}`;
    const others = 'mount --rbind /tmp /tmp; mount -o remount,bind,ro /tmp';
    const mounts = `${own}; ${others}; if touch /tmp/sampan-writable 2>/dev/null; then exit 99; fi`;
    expect(await runAfter(rig, mounts)).toBe('loaded\n');
  });
});
