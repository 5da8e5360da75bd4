// A container that may divide its cgroup.

import { join } from 'node:path';
import type { Bundle } from './bundle.js';
import { copyProgram } from './copied-program.js';
import type { Rig } from './rig.js';

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
