// `pause` and `resume`, and what the other commands make of a paused container.

import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { amRoot } from '../rig/identity.js';
import { detached, remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { asRoot, asUser, bothWays, type Promises } from '../rig/ways.js';

const pure = amRoot && cgroup2Controllers() !== undefined;

asRoot('pause and resume', (promise) => declareAll(promise, { cgroup2: true }));
asUser('pause and resume in a delegated cgroup', (promise) =>
  declareAll(promise, { delegated: true }),
);

function declareAll(promise: Promises, options: { cgroup2?: boolean; delegated?: boolean }): void {
  const declare = (name: string, body: (rig: Rig) => Promise<void>) =>
    promise.needs(pure, 'no cgroup2 that the tests may mount')(name, body, options);
  const ok = { status: 0, stdout: '', stderr: '' };

  declare('nothing moves while it is paused, and all goes on after', async (rig) => {
    const count = 'n=0; while :; do n=$((n+1)); echo $n >/dev/shm/n; sleep 0.01; done';
    const { id } = await detached(rig, await rig.bundle(), count);
    const now = async () => (await rig.command(['exec', '--ignore-paused', id, 'true'])).status;
    expect(await now()).toBe(0);
    const read = async () => {
      const { pid = 0 } = await rig.state(id);
      return (await rig.execute(['cat', `/proc/${pid}/root/dev/shm/n`])).stdout;
    };
    expect(await until(async () => (await read()) !== '')).toBe(true);
    expect(await rig.command(['pause', id])).toMatchObject(ok);
    expect((await rig.state(id)).status).toBe('paused');
    const before = await read();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await read()).toBe(before);
    expect(await rig.command(['resume', id])).toMatchObject(ok);
    expect((await rig.state(id)).status).toBe('running');
    expect(await until(async () => (await read()) !== before)).toBe(true);
    await remove(rig, id);
  });

  declare('exec is refused, and with --ignore-paused waits for resume', async (rig) => {
    const { id } = await detached(rig, await rig.bundle());
    await rig.command(['pause', id]);
    const refused = await rig.command(['exec', id, 'true']);
    expect([refused.status, refused.stderr]).toEqual([255, expect.stringContaining('paused')]);
    const waiting = rig.start(['exec', '--ignore-paused', id, 'echo', 'went on']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(waiting.outputSoFar()).toBe('');
    await rig.command(['resume', id]);
    expect(await waiting.ended).toMatchObject({ status: 0, stdout: 'went on\n' });
    await remove(rig, id);
  });

  declare('a created container can be paused, and is created again after', async (rig) => {
    const { id } = await rig.create((await rig.bundle()).runs('exec sleep 1000'));
    expect(await rig.command(['pause', id])).toMatchObject(ok);
    expect((await rig.state(id)).status).toBe('paused');
    expect((await rig.command(['start', id])).stderr).toContain('paused');
    expect(await rig.command(['resume', id])).toMatchObject(ok);
    expect((await rig.state(id)).status).toBe('created');
    expect(await rig.command(['start', id])).toMatchObject(ok);
    await remove(rig, id);
  });

  declare('a paused container is killed and deleted like any other', async (rig) => {
    const first = await detached(rig, await rig.bundle());
    await rig.command(['pause', first.id]);
    expect(await rig.command(['kill', first.id, 'KILL'])).toMatchObject(ok);
    const stopped = async () => (await rig.state(first.id)).status === 'stopped';
    expect(await until(stopped)).toBe(true);
    expect(await rig.command(['delete', first.id])).toMatchObject(ok);
    const second = await detached(rig, await rig.bundle());
    await rig.command(['pause', second.id]);
    expect((await rig.command(['delete', second.id])).status).toBe(1);
    await remove(rig, second.id);
  });

  declare('what is paused, stopped or unknown cannot be paused or resumed again', async (rig) => {
    const { id } = await detached(rig, await rig.bundle());
    expect((await rig.command(['resume', id])).stderr).toContain('the container is running');
    await rig.command(['pause', id]);
    expect((await rig.command(['pause', id])).stderr).toContain('the container is paused');
    await rig.command(['kill', id, 'KILL']);
    expect(await until(async () => (await rig.state(id)).status === 'stopped')).toBe(true);
    for (const verb of ['pause', 'resume']) {
      const { status, stderr } = await rig.command([verb, id]);
      expect([status, stderr]).toEqual([1, expect.stringContaining('container not running')]);
    }
    await remove(rig, id);
    expect((await rig.command(['pause', id])).stderr).toContain('does not exist');
  });
}

bothWays('pause without a cgroup', (promise) => {
  promise('is refused, with the reason', async (rig) => {
    const bundle = (await rig.bundle()).runs('exec sleep 1000');
    const id = rig.newId();
    const line = ['--cgroup-manager', 'disabled', 'run', '-d', '-b', bundle.path, id];
    expect((await rig.command(line)).status).toBe(0);
    const { status, stderr } = await rig.command(['pause', id]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('no cgroup of its own')]);
    expect((await rig.state(id)).status).toBe('running');
    await remove(rig, id);
  });
});
