// `events`: until the container ends, which is told at once, and of pressure.

import { existsSync } from 'node:fs';
import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { amRoot } from '../rig/identity.js';
import { detached, remove } from '../rig/inside.js';
import { asRoot, asUser, type Promises } from '../rig/ways.js';

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

asRoot('pressure', (promise) => declarePressure(promise, { cgroup2: true }));
asUser('pressure in a delegated cgroup', (promise) =>
  declarePressure(promise, { delegated: true }),
);

function declarePressure(promise: Promises, options: { cgroup2?: boolean; delegated?: boolean }) {
  const measured = existsSync('/proc/pressure/cpu');
  promise.needs(pure && measured, 'no cgroup2 that the tests may mount, or no pressure in it')(
    'of two programs for one CPU is told, unless nobody wants to know',
    async (rig) => {
      const spin = "timeout 6 taskset 1 sh -c 'while :; do :; done' &";
      const { id } = await detached(rig, await rig.bundle(), `${spin} ${spin} wait`);
      const told = async (flags: string[]) => {
        const { ended } = rig.start(['events', '--interval', '1h', ...flags, id]);
        return (await ended).stdout;
      };
      const [usual, none] = await Promise.all([told([]), told(['--pressure', '0'])]);
      const events = usual.trimEnd().split('\n');
      expect(JSON.parse(events[0] || 'null')).toMatchObject({
        ...{ type: 'pressure', id },
        data: { cpu: { psi: { some: { avg10: expect.any(Number), total: expect.any(Number) } } } },
      });
      expect(none).toBe('');
      await remove(rig, id);
    },
    options,
  );
}
