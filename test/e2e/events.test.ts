// `events`: until the container ends, which is told at once.

import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { amRoot } from '../rig/identity.js';
import { detached, remove } from '../rig/inside.js';
import { asRoot } from '../rig/ways.js';

const pure = amRoot && cgroup2Controllers() !== undefined;

asRoot('events', (promise) => {
  const declare = promise.needs(pure, 'no cgroup2 that the tests may mount');

  declare(
    'tells what the container uses, again and again',
    async (rig) => {
      const { id } = await detached(rig, await rig.bundle(), 'sleep 1');
      const { status, stdout } = await rig.command(['events', '--interval', '100ms', id]);
      expect(status).toBe(0);
      const lines = stdout.trimEnd().split('\n');
      expect(lines.length).toBeGreaterThan(2);
      for (const line of lines) expect(JSON.parse(line)).toMatchObject({ type: 'stats', id });
      await remove(rig, id);
    },
    { cgroup2: true },
  );

  declare(
    'ends with the container, however long the interval is',
    async (rig) => {
      const { id } = await detached(rig, await rig.bundle(), 'sleep 1');
      const ended = await rig.command(['events', '--interval', '1h', id]);
      expect(ended).toMatchObject({ status: 0, stdout: '', stderr: '' });
      await remove(rig, id);
    },
    { cgroup2: true },
  );
});
