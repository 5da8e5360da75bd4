// What stays with a foreground container: a small helper, and nothing when it has ended.

import { readFileSync, readlinkSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Running } from '../rig/execute.js';
import { detached } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

/** KiB that the process which stays may have. */
const most = 4096;

bothWays('a foreground container', (promise) => {
  promise('leaves nothing, with exit code and without', async (rig) => {
    const bundle = await rig.bundle();
    expect((await rig.run(bundle.runs('exit 0'))).status).toBe(0);
    expect((await rig.run(bundle.runs('exit 9'))).status).toBe(9);
    expect((await rig.command(['list', '-q'])).stdout).toBe('');
    expect(rig.leftovers()).toEqual([]);
  });

  promise('takes with it what its program left running', async (rig) => {
    const bundle = await rig.bundle();
    const { status } = await rig.run(bundle.runs('sleep 1000 & sleep 1000 & exit 0'));
    expect(status).toBe(0);
    expect(await until(() => rig.leftovers().length === 0)).toBe(true);
  });

  promise('keeps no engine in memory: run', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo ready; exec sleep 1000');
    const id = rig.newId();
    const running = rig.start(['run', '-b', bundle.path, id]);
    await checkResident(rig, 'run', running);
    await rig.command(['kill', id, 'KILL']);
    expect((await running.ended).status).toBe(137);
  });

  promise('keeps no engine in memory: exec', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const running = rig.start(['exec', id, 'sh', '-c', 'echo ready; exec sleep 1000']);
    await checkResident(rig, 'exec', running);
    await remove();
    expect((await running.ended).status).toBe(137);
  });

  promise('a helper that is killed leaves a container that delete --force removes', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo ready; exec sleep 1000');
    const id = rig.newId();
    const running = rig.start(['run', '-b', bundle.path, id]);
    await until(() => running.outputSoFar() === 'ready\n');
    running.signal('SIGKILL');
    await running.ended;
    expect(await rig.state(id)).toMatchObject({ status: 'running' });
    expect((await rig.command(['delete', '--force', id])).status).toBe(0);
  });
});

async function checkResident(rig: Rig, verb: string, running: Running): Promise<void> {
  expect(await until(() => running.outputSoFar() === 'ready\n')).toBe(true);
  const field = (name: string) => {
    const status = readFileSync(`/proc/${running.pid}/status`, 'utf8');
    return new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
  };
  // The program may be there before the helper is.
  const program = () => readlinkSync(`/proc/${running.pid}/exe`);
  expect(await until(() => program().startsWith('/memfd:'))).toBe(true);
  const resident = Number(field('VmRSS'));
  console.info(`${verb} as ${rig.identity.name}: ${resident} KiB stay resident`);
  expect(resident).toBeGreaterThan(0);
  expect(resident).toBeLessThanOrEqual(most);
  expect(field('Name')).toBe('sampan');
}
