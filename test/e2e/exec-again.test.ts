// exec over and over: its processes come one after the other, and the last one is waited for.

import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { amRoot } from '../rig/identity.js';
import { detached } from '../rig/inside.js';
import { asRoot } from '../rig/ways.js';

const pure = amRoot && cgroup2Controllers() !== undefined;

asRoot('exec of a process that forks twice on its way into the container', (promise) => {
  promise.needs(pure, 'no cgroup2 that the tests may mount')(
    'ends each time, whichever of the two is heard of first',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ process }) => Object.assign(process, { execCPUAffinity: { initial: '0' } }));
      const { id, remove } = await detached(rig, bundle);
      for (let round = 0; round < 80; round++) {
        const ran = await rig.command(['exec', id, 'true'], { timeout: 5_000 });
        expect({ round, status: ran.status, stderr: ran.stderr }).toEqual({
          ...{ round, status: 0, stderr: '' },
        });
      }
      await remove();
    },
    { cgroup2: true },
  );
});
