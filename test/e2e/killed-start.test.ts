// A container that is killed after `start` has let it go and before its program is executed: the socket
// on which `start` waits is closed by both.

import { constants } from 'node:os';
import { expect } from '@jest/globals';
import { notebook, shell, withHooks } from '../rig/hooks.js';
import { leftBehind } from '../rig/left-behind.js';
import { onlyLine } from '../rig/refusal.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

/** The bundle of a container that is kept from its program by a hook, and how to kill it there. */
async function held(rig: Rig) {
  const startContainer = [shell('echo begun >/tmp/notes; exec sleep 1001')];
  const bundle = await withHooks(rig, { startContainer }, 'exec sleep 1002');
  const notes = notebook(rig, bundle);
  const kill = async (id: string) => {
    if (!(await until(() => notes.inside().length === 1))) throw new Error('no hook runs');
    process.kill((await rig.state(id)).pid ?? 0, 'SIGKILL');
  };
  return { bundle, kill };
}

bothWays('a container killed on the way to its program', (promise) => {
  promise('was not started, says start; it is stopped and can be deleted', async (rig) => {
    const { bundle, kill } = await held(rig);
    const { id } = await rig.create(bundle);
    const starting = rig.start(['start', id]);
    await kill(id);
    const ran = await starting.ended;
    expect([ran.status, onlyLine(ran)]).toEqual([
      1,
      `start container ${id}: its process was killed before it executed the program; delete it and create it again: sampan delete ${id}`,
    ]);
    expect((await rig.state(id)).status).toBe('stopped');
    expect((await rig.command(['delete', id])).status).toBe(0);
    expect(await leftBehind(rig)).toEqual([]);
  });

  promise('was not run, says run --detach, and nothing is left', async (rig) => {
    const { bundle, kill } = await held(rig);
    const id = rig.newId();
    const running = rig.start(['run', '--detach', '-b', bundle.path, id]);
    await kill(id);
    const ran = await running.ended;
    expect([ran.status, onlyLine(ran)]).toEqual([
      1,
      'execute the program: the process was killed before it could',
    ]);
    expect(await leftBehind(rig)).toEqual([]);
  });
});

bothWays('a container that is ended while it is created', (promise) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR1', 'SIGHUP'] as const) {
    promise(`by ${signal} is not created, and nothing is left`, async (rig) => {
      const bundle = await withHooks(rig, {}, 'exec sleep 1002');
      const notes = notebook(rig, bundle);
      bundle.edit((config) => {
        const body = `echo begun >${notes.path}; exec sleep 1001`;
        config.hooks = { createContainer: [shell(body)] };
      });
      const id = rig.newId();
      const creating = rig.start(['create', '-b', bundle.path, id]);
      expect(await until(() => notes.lines().length === 1)).toBe(true);
      process.kill((await rig.state(id)).pid ?? 0, signal);
      const ran = await creating.ended;
      const number = constants.signals[signal];
      expect([ran.status, onlyLine(ran)]).toEqual([
        1,
        `launch: init was killed by signal ${number}`,
      ]);
      expect(await leftBehind(rig)).toEqual([]);
    });
  }
});
