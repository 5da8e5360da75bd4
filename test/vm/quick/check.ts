// `sampan check` where every controller is there, and with the switches of Debian's kernel.

import { expect } from '@jest/globals';
import { agreement } from '../check.js';
import { type Guest, inGuest } from '../containers.js';

inGuest('check', 'quick', ['root', 'user'], (promise) => {
  promise('finds cgroups with every controller, and AppArmor', async (guest) => {
    const { ran, finding } = await agreement(guest);
    expect(ran).toBe(true);
    for (const name of ['hierarchy', 'own cgroups', 'controllers', 'cgroup.kill', 'AppArmor']) {
      expect([name, finding(name)?.verdict]).toEqual([name, 'works']);
    }
    expect(finding('device filter')?.verdict).toBe(guest.who === 'root' ? 'works' : 'limited');
    expect(finding('container')?.meaning).toBe('not in one, in the initial user namespace');
  });
});

/** Sets a parameter for the time of `body`. */
async function withSysctl(guest: Guest, name: string, value: string, body: () => Promise<void>) {
  const path = `/proc/sys/${name.replaceAll('.', '/')}`;
  await guest.asRoot(`cat ${path} >/run/before; echo ${value} >${path}`);
  try {
    await body();
  } finally {
    await guest.asRoot(`cat /run/before >${path}`);
  }
}

inGuest('check', 'quick', ['user'], (promise) => {
  promise('the keys of a user are used up, say check and run', async (guest) => {
    await withSysctl(guest, 'kernel.keys.maxbytes', '1', async () => {
      // The first session keyring of a process is beyond the quota.
      const joined = 'perl -e "syscall 250, 1, 0; exec @ARGV"';
      const { ran, failure, finding } = await agreement(guest, '', joined);
      expect(ran).toBe(false);
      expect(finding('keyring')?.mend).toContain('sysctl -w kernel.keys.maxkeys=');
      expect(failure).toContain('as many keys as it may have: sysctl -w kernel.keys.maxkeys=');
    });
  });

  for (const [name, value, mended] of [
    ['kernel.unprivileged_userns_clone', '0', '1'],
    ['user.max_user_namespaces', '0', '15000'],
  ] as const) {
    promise(`${name}=${value} is named by check and by run`, async (guest) => {
      await withSysctl(guest, name, value, async () => {
        const { ran, failure, finding } = await agreement(guest);
        expect(ran).toBe(false);
        expect(finding('user')?.mend).toBe(`sysctl -w ${name}=${mended}`);
        expect(failure).toContain(`user namespaces are switched off: sysctl -w ${name}=${mended}`);
      });
    });
  }
});
