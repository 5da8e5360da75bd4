import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

bothWays('a console socket', (promise) => {
  promise('gets the terminal of a created container', async (rig) => {
    const bundle = (await rig.bundle()).runs('tty; echo over').edit((config) => {
      config.process.terminal = true;
    });
    const socket = join(rig.runtimeDirectory, 'console');
    const receiving = rig.launch([rig.program('receive-descriptor'), socket]);
    expect(await until(() => existsSync(socket))).toBe(true);
    const { id } = await rig.create(bundle, ['--console-socket', socket]);
    expect((await rig.command(['start', id])).status).toBe(0);
    const { stdout, status } = await receiving.ended;
    expect({ status, lines: stdout.split(/\r?\n/).slice(1, 3) }).toEqual({
      status: 0,
      lines: ['/dev/pts/0', 'over'],
    });
    expect(stdout).toMatch(/^received \S/);
    expect((await rig.command(['delete', id])).status).toBe(0);
  });
});
