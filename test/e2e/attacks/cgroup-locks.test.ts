// Who runs a container is the owner of its cgroups, and so is the container's root where he is mapped
// to it: it can take the owner's permissions away.

import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../../rig/cgroup2.js';
import { divided, divider } from '../../rig/divider.js';
import { amRoot } from '../../rig/identity.js';
import type { Rig } from '../../rig/rig.js';
import { until } from '../../rig/until.js';
import { asUser } from '../../rig/ways.js';

/** A process in a cgroup below one below, and nobody may do anything with any of them. */
const lock = (mode: string) => `cd /sys/fs/cgroup && mkdir -p a/b/c || exit
sleep 1000 &
echo $! >a/b/cgroup.procs
chmod ${mode} a/b/c/* a/b/c a/b/* a/b a/* a cgroup.procs cgroup.kill cgroup.freeze .
touch /dev/shm/done`;

/** A container that has done so. */
const locked = (rig: Rig, mode: string) => divided(rig, `${lock(mode)}; exec sleep 1000`);

asUser('a container that locks its cgroups', (promise) => {
  const declare = (name: string, body: (rig: Rig) => Promise<void>) =>
    promise.needs(amRoot && cgroup2Controllers() !== undefined, 'no cgroup2 to be mounted')(
      name,
      body,
      { delegated: true },
    );

  // Without any; without x, by which a directory is listed but not entered; without w.
  for (const mode of ['000', '444', '555']) {
    declare(`is removed when it has ended, with mode ${mode}`, async (rig) => {
      const bundle = await divider(rig);
      const ran = await rig.run(bundle.runs(`${lock(mode)}; exit 3`));
      expect(ran).toMatchObject({ status: 3, stderr: '' });
    });

    declare(`is listed and signalled, with mode ${mode}`, async (rig) => {
      const { id, remove } = await locked(rig, mode);
      const count = async () =>
        JSON.parse((await rig.command(['ps', '--format', 'json', id])).stdout).length as number;
      expect(await count()).toBe(2);
      const killed = await rig.command(['kill', '--all', id, 'TERM']);
      expect(killed).toMatchObject({ status: 0, stderr: '' });
      expect(await until(async () => (await count()) === 1)).toBe(true);
      await remove();
    });

    declare(`is killed, and deleted, with mode ${mode}`, async (rig) => {
      const { id } = await locked(rig, mode);
      const killed = await rig.command(['kill', '--all', id, 'KILL']);
      expect(killed).toMatchObject({ status: 0, stderr: '' });
      expect(await until(async () => (await rig.state(id)).status === 'stopped')).toBe(true);
      expect(await rig.command(['delete', id])).toMatchObject({ status: 0, stderr: '' });
    });

    declare(`is deleted by force, with mode ${mode}`, async (rig) => {
      const { id } = await locked(rig, mode);
      const ran = await rig.command(['delete', '--force', id]);
      expect(ran).toMatchObject({ status: 0, stderr: '' });
    });
  }
});
