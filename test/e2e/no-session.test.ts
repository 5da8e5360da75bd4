// An ordinary user whom no session manager has logged in: su, cron, a job of a build server.

import { existsSync, rmSync, statSync } from 'node:fs';
import { expect } from '@jest/globals';
import { runtimeFor } from '../rig/executable.js';
import type { Ran } from '../rig/execute.js';
import { numericUser } from '../rig/identity.js';
import type { Rig } from '../rig/rig.js';
import { asOther } from '../rig/ways.js';

/** Whom no other test is: the directory in /tmp is its own. */
const uid = 23456;
const fallback = `/tmp/sampan-${uid}`;

/** With the rig's token, PATH and nothing else in the environment. */
function bare(rig: Rig, args: readonly string[], cwd?: string): Promise<Ran> {
  const { PATH, SAMPAN_RIG } = rig.environment();
  const clean = ['env', '-i', `PATH=${PATH}`, `SAMPAN_RIG=${SAMPAN_RIG}`];
  return rig.execute([...clean, runtimeFor(rig.identity), ...args], cwd ? { cwd } : {});
}

asOther('without XDG_RUNTIME_DIR, HOME, D-Bus and a name', numericUser(uid), (promise) => {
  promise('containers are kept in a directory of one’s own in /tmp', async (rig) => {
    const bundle = (await rig.bundle()).runs('sleep 1000');
    const id = rig.newId();
    try {
      const made = await bare(rig, ['run', '--detach', '--bundle', bundle.path, id]);
      expect([made.status, made.stderr]).toEqual([0, '']);
      expect(statSync(fallback)).toMatchObject({ uid, mode: 0o41700 });
      expect((await bare(rig, ['list', '--quiet'])).stdout).toBe(`${id}\n`);
      expect((await bare(rig, ['exec', id, 'id', '-u'])).stdout).toBe('0\n');
      expect((await bare(rig, ['delete', '--force', id])).status).toBe(0);
      expect(existsSync(`${fallback}/${id}`)).toBe(false);
    } finally {
      rmSync(fallback, { recursive: true, force: true });
    }
  });

  promise('the demo runs', async (rig) => {
    const { status, stdout, stderr } = await bare(rig, ['demo']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`0 is ${uid} outside, 1 id`);
  });
});
