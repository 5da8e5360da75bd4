// A container that may divide its cgroup, and says when it has.

import { join } from 'node:path';
import type { Bundle } from './bundle.js';
import { copyProgram } from './copied-program.js';
import { detached } from './inside.js';
import type { Rig } from './rig.js';
import { until } from './until.js';

/** Its cgroup2 is writable, and `nest` is programs/nest-directories.cc. */
export async function divider(rig: Rig): Promise<Bundle> {
  const bundle = await rig.bundle();
  copyProgram('nest-directories', join(bundle.rootfs, 'bin/nest'));
  return bundle.edit(({ mounts }) => {
    for (const mount of mounts.filter(({ type }) => type?.startsWith('cgroup'))) {
      mount.options = mount.options?.filter((option) => option !== 'ro');
    }
  });
}

/**
 * One that sleeps when it has carried out `script`, to be ended by `touch /dev/shm/done`. It is looked
 * for from outside: a process of `exec` would be in a cgroup.
 */
export async function divided(rig: Rig, script: string) {
  const container = await detached(rig, await divider(rig), script);
  const file = `/proc/${container.pid}/root/dev/shm/done`;
  const done = async () => (await rig.execute(['test', '-e', file])).status === 0;
  if (!(await until(done))) throw new Error('the container does not say that it is done');
  return container;
}
