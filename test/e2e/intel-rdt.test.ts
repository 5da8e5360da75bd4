// Classes of service: linux.intelRdt, where the machine has none.

import { expect } from '@jest/globals';
import { resctrlMount } from '../../src/host/resctrl.js';
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
});
