// `sampan check` where systemd runs.

import { expect } from '@jest/globals';
import { agreement } from '../check.js';
import { inGuest } from '../containers.js';

inGuest('check with systemd', 'systemd', ['root', 'user'], (promise) => {
  promise('reaches the manager, and containers can be its units', async (guest) => {
    const { ran, finding } = await agreement(guest, '--systemd-cgroup');
    expect(ran).toBe(true);
    const name = guest.who === 'root' ? 'system manager' : 'user manager';
    expect(finding(name)).toMatchObject({ verdict: 'works', needed: true });
    expect(finding('controllers')?.verdict).toBe('works');
  });
});

inGuest('check with systemd', 'systemd', ['user'], (promise) => {
  promise('knows whether containers outlive the session', async (guest) => {
    const lingering = async () => (await agreement(guest)).finding('lingering');
    const folder = '/var/lib/systemd/linger';
    await guest.asRoot(
      `mkdir -p ${folder}; rm -rf /run/linger; [ ! -e ${folder}/user ] || mv ${folder}/user /run/linger`,
    );
    expect(await lingering()).toMatchObject({
      verdict: 'limited',
      mend: 'loginctl enable-linger user',
    });
    await guest.asRoot(`touch ${folder}/user`);
    expect((await lingering())?.verdict).toBe('works');
    await guest.asRoot(`[ -e /run/linger ] || rm ${folder}/user`);
  });

  promise('says what to do where the manager cannot be reached', async (guest) => {
    const { ran, finding } = await agreement(
      guest,
      '--systemd-cgroup',
      'env DBUS_SESSION_BUS_ADDRESS= XDG_RUNTIME_DIR=/tmp',
    );
    expect(ran).toBe(false);
    expect(finding('user manager')?.mend).toBe('loginctl enable-linger user');
  });
});

inGuest(
  'cgroups below a session that systemd keeps its processes in',
  'systemd',
  ['user'],
  (promise) => {
    promise('are handed the controllers of what is delegated above', async (guest) => {
      const { finding } = await agreement(guest);
      expect(finding('controllers')?.verdict).toBe('works');
      const bundle = await guest.bundle('cat /sys/fs/cgroup/memory.max', ({ linux }) => {
        linux.resources = { memory: { limit: 33_554_432 } };
      });
      const { stdout, stderr } = await guest.run(`sampan run -b ${bundle} ${guest.newId()}`);
      expect({ stdout, stderr }).toEqual({ stdout: '33554432\n', stderr: '' });
    });
  },
);
