// NOTIFY_SOCKET: a program in the container reaches the service manager (sd_notify(3)).

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { remove } from '../rig/inside.js';
import { program } from '../rig/program.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

bothWays('NOTIFY_SOCKET', (promise) => {
  promise('of run leads to the manager', async (rig) => {
    const manager = await listen(rig);
    const bundle = await rig.bundle();
    copyFileSync(program('datagram'), join(bundle.rootfs, 'bin/datagram'));
    const env = { NOTIFY_SOCKET: manager.path };
    const ran = await rig.run(bundle.runs(['datagram', 'send', 'READY=1']), { env });
    expect(ran).toMatchObject({ status: 0 });
    expect((await manager.ended).stdout).toBe('bound\nREADY=1\n');
  });

  promise('of create leads there after start', async (rig) => {
    const manager = await listen(rig);
    const bundle = await rig.bundle();
    copyFileSync(program('datagram'), join(bundle.rootfs, 'bin/datagram'));
    const id = rig.newId();
    const env = { NOTIFY_SOCKET: manager.path };
    bundle.runs(['datagram', 'send', 'STATUS=started']);
    expect((await rig.command(['create', '-b', bundle.path, id], { env })).status).toBe(0);
    expect((await rig.command(['start', id])).status).toBe(0);
    expect((await manager.ended).stdout).toBe('bound\nSTATUS=started\n');
    await remove(rig, id);
  });

  promise('that is not there is an error', async (rig) => {
    const env = { NOTIFY_SOCKET: '/nowhere/notify' };
    const { status, stderr } = await rig.run(await rig.bundle(), { env });
    expect(status).toBe(1);
    expect(stderr).toContain('/nowhere/notify');
  });

  promise('is not in the environment where the caller has none', async (rig) => {
    const { stdout } = await rig.run((await rig.bundle()).runs(['env']));
    expect(stdout).not.toContain('NOTIFY');
  });
});

async function listen(rig: Rig) {
  const path = join(rig.directory('manager'), 'notify');
  const manager = rig.launch([rig.program('datagram'), 'receive', path]);
  expect(await until(() => manager.outputSoFar() === 'bound\n')).toBe(true);
  return { ...manager, path };
}
