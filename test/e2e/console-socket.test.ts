// --console-socket: who listens gets the other end of the terminal.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Running } from '../rig/execute.js';
import { detached, remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

const script = 'test -t 0 && test -t 2 && echo "at $(tty)"';

bothWays('--console-socket', (promise) => {
  promise('of create: the terminal is there before start', async (rig) => {
    const bundle = (await rig.bundle()).runs(`${script}; stty size`);
    bundle.edit(({ process }) =>
      Object.assign(process, { terminal: true, consoleSize: { height: 7, width: 44 } }),
    );
    const { path, receiver } = await listen(rig);
    const { id } = await rig.create(bundle, ['--console-socket', path]);
    expect(await until(() => receiver.outputSoFar() === 'received /dev/ptmx\n')).toBe(true);
    await rig.command(['start', id]);
    const { stdout, status } = await receiver.ended;
    expect(stdout).toMatch(/^received \/dev\/ptmx\nat \/dev\/(console|pts\/0)\r\n7 44\r\n$/);
    expect(status).toBe(0);
    await remove(rig, id);
  });

  promise('of run --detach', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { terminal: true }));
    const { path, receiver } = await listen(rig);
    const { remove } = await detached(rig, bundle, script, ['--console-socket', path]);
    expect((await receiver.ended).stdout).toMatch(/at \/dev\/(console|pts\/0)/);
    await remove();
  });

  promise('of exec --detach --tty', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const { path, receiver } = await listen(rig);
    const line = ['exec', '--detach', '--tty', '--console-socket', path, id, 'sh', '-c', script];
    expect(await rig.command(line)).toMatchObject({ status: 0, stdout: '' });
    expect((await receiver.ended).stdout).toMatch(/^received \/dev\/ptmx\nat \/dev\/pts\/0\r\n$/);
    await remove();
  });

  promise('nobody listens: an error with the path, and nothing is left', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { terminal: true }));
    const path = join(rig.dir, 'nobody');
    const line = ['create', '-b', bundle.path, '--console-socket', path, rig.newId()];
    const { status, stderr } = await rig.command(line);
    expect(status).toBe(1);
    expect(stderr).toMatch(/--console-socket.*nobody.*no such file or directory/);
    expect((await rig.command(['list', '-q'])).stdout).toBe('');
  });

  promise('a terminal without one where it is needed, and the other way round', async (rig) => {
    const bundle = await rig.bundle();
    const socket = ['--console-socket', join(rig.dir, 'nobody')];
    const without = await rig.command(['create', '-b', bundle.path, ...socket, rig.newId()]);
    expect(without.status).toBe(1);
    expect(without.stderr).toContain('the process has no terminal');
    bundle.edit(({ process }) => Object.assign(process, { terminal: true }));
    const needed = await rig.command(['create', '-b', bundle.path, rig.newId()]);
    expect(needed.status).toBe(1);
    expect(needed.stderr).toContain('--console-socket');
  });

  promise('exec is as strict about it', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const socket = ['--console-socket', join(rig.dir, 'nobody')];
    const refused = async (flags: string[], because: string) => {
      const { status, stdout, stderr } = await rig.command(['exec', ...flags, id, 'echo', 'ran']);
      expect([status, stdout, stderr]).toEqual([255, '', expect.stringContaining(because)]);
    };
    await refused(['--detach', '--tty'], 'there is no console socket');
    await refused(['--detach', ...socket], 'the process has no terminal');
    await refused(['--tty', ...socket], 'leave --console-socket out, or use --detach');
    await refused(['--detach', '--tty', ...socket], 'nobody: connect: no such file or directory');
    await remove();
  });
});

async function listen(rig: Rig): Promise<{ path: string; receiver: Running }> {
  const path = join(rig.directory(`sockets-${rig.newId()}`), 'console');
  const receiver = rig.launch([rig.program('receive-descriptor'), path]);
  expect(await until(() => existsSync(path))).toBe(true);
  return { path, receiver };
}
