// Classes of service: linux.intelRdt, where the machine has none.

import { expect } from '@jest/globals';
import { resctrlMount } from '../../src/host/resctrl.js';
import { detached, remove } from '../rig/inside.js';
import { bothWays } from '../rig/ways.js';

bothWays('linux.intelRdt', (promise) => {
  promise.needs(resctrlMount() === undefined, 'resctrl is mounted')(
    'is an error without a resctrl file system, and nothing is left',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ linux }) => {
        linux.intelRdt = { closID: 'any' };
      });
      const { status, stderr } = await rig.run(bundle);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /no resctrl file system is mounted.*\/linux\/intelRdt.*mount -t resctrl/,
      );
    },
  );

  promise(
    'update says of each flag what is wrong with it, and of a container that has no class',
    async (rig) => {
      const { id } = await detached(rig, await rig.bundle(), 'exec sleep 1000');
      const wrong: [flag: string, value: string, told: RegExp][] = [
        [
          '--mem-bw-schema',
          'L3:0=f',
          /update: --mem-bw-schema: must be a line that begins with MB:/,
        ],
        ['--mem-bw-schema', 'MB:0=50', /no class of service was made for this container/],
        ['--l3-cache-schema', 'L3:0=f', /no class of service was made for this container/],
      ];
      for (const [flag, value, told] of wrong) {
        const { status, stderr } = await rig.command(['update', flag, value, id]);
        expect([flag, status, stderr]).toEqual([flag, 1, expect.stringMatching(told)]);
      }
      await remove(rig, id);
    },
  );
});
