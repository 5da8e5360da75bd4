// AppArmor profiles of processes: the guest's kernel has AppArmor, which few test machines have.

import { expect } from '@jest/globals';
import { type Guest, inGuest } from '../containers.js';

const PROFILE = `profile sampan-guest flags=(attach_disconnected,mediate_deleted) {
  file,
  capability,
  signal,
  mount,
  umount,
  deny /etc/secret r,
}`;

/** Loads the profile, unless this guest has it already. */
async function loadProfile(guest: Guest): Promise<void> {
  const securityfs = '/sys/kernel/security';
  await guest.asRoot(
    `mountpoint -q ${securityfs} || mount -t securityfs none ${securityfs}; apparmor_parser -rKq <<'END'\n${PROFILE}\nEND`,
  );
}

const CURRENT = 'cat /proc/self/attr/current';

inGuest('process.apparmorProfile', 'quick', ['root', 'user'], (promise) => {
  promise('the program is confined by it, and so is what it executes', async (guest) => {
    await loadProfile(guest);
    const bundle = await guest.bundle(`${CURRENT}; sh -c '${CURRENT}'`, ({ process }) => {
      process.apparmorProfile = 'sampan-guest';
    });
    const output = await guest.output(`sampan run -b ${bundle} ${guest.newId()}`);
    expect(output).toBe('sampan-guest (enforce)\n'.repeat(2));
  });

  promise('with and without no_new_privs', async (guest) => {
    await loadProfile(guest);
    for (const noNewPrivileges of [true, false]) {
      const bundle = await guest.bundle(CURRENT, ({ process }) => {
        Object.assign(process, { apparmorProfile: 'sampan-guest', noNewPrivileges });
      });
      const output = await guest.output(`sampan run -b ${bundle} ${guest.newId()}`);
      expect(output).toBe('sampan-guest (enforce)\n');
    }
  });

  promise('exec gives it too, or the one of --apparmor', async (guest) => {
    await loadProfile(guest);
    const bundle = await guest.bundle('sleep 1000', ({ process }) => {
      process.apparmorProfile = 'sampan-guest';
    });
    const id = guest.newId();
    const script = `
      sampan run -d -b ${bundle} ${id} </dev/null >/dev/null 2>&1
      sampan exec ${id} ${CURRENT}
      sampan exec --apparmor unconfined ${id} ${CURRENT}
      sampan delete --force ${id}`;
    expect(await guest.output(script)).toBe('sampan-guest (enforce)\nunconfined\n');
  });

  promise('a profile that is not loaded is refused with its place', async (guest) => {
    const bundle = await guest.bundle('true', ({ process }) => {
      process.apparmorProfile = 'no-such-profile';
    });
    const { status, stderr } = await guest.run(`sampan run -b ${bundle} ${guest.newId()}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/no-such-profile.*ENOENT.*\/process\/apparmorProfile.*aa-status/);
  });
});
