// `create` killed at any moment: what is left is removed by `delete --force`, and the id is free.

import { join } from 'node:path';
import { expect } from '@jest/globals';
import { killed, kindsLeft, moments, timeOfCreate } from '../load/killing.js';
import type { Bundle } from '../rig/bundle.js';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { remove } from '../rig/inside.js';
import { leftBehind } from '../rig/left-behind.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { asRoot, bothWays } from '../rig/ways.js';

/** Kills create after each delay and cleans up; what was found left, for the test of the test. */
async function killEverywhere(rig: Rig, bundle: Bundle): Promise<Set<string>> {
  const seen = new Set<string>();
  const id = rig.newId();
  let how = '';
  for (const delay of moments(await timeOfCreate(rig, bundle), 41, () => how === 'finished')) {
    how = await killed(rig, ['create', '-b', bundle.path, id], delay);
    seen.add(`${how}: ${kindsLeft(rig)}`);
    await remove(rig, id);
    expect({ delay, left: await leftBehind(rig) }).toEqual({ delay, left: [] });
    const again = await rig.command(['create', '-b', bundle.path, id]);
    expect({ delay, status: again.status, stderr: again.stderr }).toMatchObject({
      delay,
      status: 0,
    });
    await remove(rig, id);
    expect({ delay, left: await leftBehind(rig) }).toEqual({ delay, left: [] });
  }
  return seen;
}

bothWays('create', (promise) => {
  promise(
    'killed at any moment leaves nothing that delete --force does not remove',
    async (rig) => {
      const bundle = await rig.bundle();
      const seen = await killEverywhere(rig, bundle);
      // Early and late kills are among them, else this would show nothing.
      expect([...seen].some((how) => how.startsWith('killed: nothing'))).toBe(true);
      expect([...seen].some((how) => how.includes('file'))).toBe(true);
    },
  );
});

asRoot('create in a cgroup of its own', (promise) => {
  const has = cgroup2Controllers() !== undefined;
  const promised = promise.needs(has, 'no view of a pure cgroup2 can be made here');
  promised(
    'killed at any moment leaves no cgroup that delete --force does not remove',
    async (rig) => {
      const bundle = await rig.bundle();
      const seen = await killEverywhere(rig, bundle);
      expect([...seen].some((how) => how.includes('cgroup'))).toBe(true);
    },
    { cgroup2: true },
  );
});

bothWays('run in the foreground', (promise) => {
  promise(
    'killed at any moment leaves nothing that delete --force does not remove',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.runs(['sleep', '100']);
      const id = rig.newId();
      for (const delay of moments(await timeOfCreate(rig, bundle), 14)) {
        await killed(rig, ['run', '-b', bundle.path, id], delay);
        await remove(rig, id);
        expect({ delay, left: await leftBehind(rig) }).toEqual({ delay, left: [] });
      }
    },
  );
});

bothWays('delete', (promise) => {
  promise('killed at any moment can be finished by another delete', async (rig) => {
    const bundle = await rig.bundle();
    for (const delay of moments(await timeOfCreate(rig, bundle), 14)) {
      const { id } = await rig.create(bundle);
      await killed(rig, ['delete', '--force', id], delay);
      await remove(rig, id);
      expect({ delay, left: await leftBehind(rig) }).toEqual({ delay, left: [] });
    }
  });

  promise('two at once of one container both succeed with --force', async (rig) => {
    const bundle = await rig.bundle();
    for (let i = 0; i < 5; i++) {
      const { id } = await rig.create(bundle);
      const both = [0, 1, 2].map(() => rig.command(['delete', '--force', id]));
      for (const { status, stderr } of await Promise.all(both)) {
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      }
    }
  });
});

bothWays('delete --force', (promise) => {
  promise('that comes too late leaves a new container of the same id alone', async (rig) => {
    const bundle = await rig.bundle();
    const { id } = await rig.create(bundle);
    const path = join(rig.stateDirectory, id);
    const holder = rig.launch([
      'flock',
      '--no-fork',
      path,
      'sh',
      '-c',
      'echo held; exec sleep 1000',
    ]);
    await until(() => holder.outputSoFar() === 'held\n');
    const late = rig.start(['delete', '--force', id]);
    // It kills before it waits for the lock.
    await until(async () => (await rig.state(id)).status === 'stopped');
    await rig.execute(['mv', path, join(rig.dir, 'old')]);
    await rig.command(['create', '-b', bundle.path, id]);
    holder.signal('SIGKILL');
    expect((await late.ended).stderr).toBe('');
    expect((await rig.state(id)).status).toBe('created');
    await remove(rig, id);
  });
});

bothWays('create of one id', (promise) => {
  promise('several times at once makes one container and refuses the others', async (rig) => {
    const bundle = await rig.bundle();
    for (let i = 0; i < 4; i++) {
      const id = rig.newId();
      const all = [0, 1, 2, 3].map(() => rig.command(['create', '-b', bundle.path, id]));
      const ran = await Promise.all(all);
      expect(ran.map(({ status }) => status).sort()).toEqual([0, 1, 1, 1]);
      for (const { stderr } of ran.filter(({ status }) => status === 1)) {
        expect(stderr).toContain('already exists');
      }
      expect((await rig.state(id)).status).toBe('created');
      await remove(rig, id);
    }
  });
});
