// linux.seccomp: loaded last, with and without no_new_privs.

import { expect } from '@jest/globals';
import type { Seccomp } from '../../src/spec/config/seccomp.js';
import { printed } from '../rig/inside.js';
import { bothWays } from '../rig/ways.js';

/** All but mkdir(2), sethostname(2); errno 28 is ENOSPC. */
const profile: Seccomp = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    { names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 28 },
    { names: ['sethostname'], action: 'SCMP_ACT_KILL_PROCESS' },
  ],
};

bothWays('a seccomp filter', (promise) => {
  for (const noNewPrivileges of [true, false]) {
    promise(`denies with noNewPrivileges ${noNewPrivileges}`, async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ process, linux }) => {
        Object.assign(process, { noNewPrivileges });
        linux.seccomp = profile;
      });
      const script = 'mkdir /dev/shm/x 2>&1; grep -E "NoNew|Seccomp:" /proc/self/status';
      expect(await printed(rig, bundle, script)).toBe(
        `mkdir: can't create directory '/dev/shm/x': No space left on device\n` +
          `NoNewPrivs:\t${Number(noNewPrivileges)}\nSeccomp:\t2\n`,
      );
    });

    promise(`may deny all that the set-up needed (${noNewPrivileges})`, async (rig) => {
      const bundle = await rig.bundle();
      const names = ['mount', 'pivot_root', 'setns', 'unshare', 'capset', 'setresuid', 'prctl'];
      names.push('setgroups', 'chdir', 'openat2', 'move_mount', 'fsopen', 'close_range', 'socket');
      // Without no_new_privs the filter is loaded before the capabilities are dropped.
      const late = ['capset', 'setresuid', 'prctl', 'setgroups', 'chdir'];
      const denied = noNewPrivileges ? names : names.filter((name) => !late.includes(name));
      bundle.edit(({ process, linux }) => {
        Object.assign(process, { noNewPrivileges });
        linux.seccomp = {
          defaultAction: 'SCMP_ACT_ALLOW',
          syscalls: [{ names: denied, action: 'SCMP_ACT_ERRNO' }],
        };
      });
      expect(await printed(rig, bundle, 'echo runs')).toBe('runs\n');
    });
  }

  for (const [action, noNewPrivileges] of [
    ['SCMP_ACT_ERRNO', false],
    ['SCMP_ACT_ERRNO', true],
    ['SCMP_ACT_KILL', false],
    ['SCMP_ACT_KILL', true],
  ] as const) {
    promise(
      `of ${action} for all (${noNewPrivileges}) ends the set-up and does not hang`,
      async (rig) => {
        const bundle = await rig.bundle();
        bundle.edit(({ process, linux }) => {
          Object.assign(process, { noNewPrivileges });
          linux.seccomp = { defaultAction: action };
        });
        const { status, stderr } = await rig.run(bundle.runs('echo runs'), { timeout: 10_000 });
        expect(status).toBe(1);
        expect(stderr).toContain('[config.json /linux/seccomp]; allow at least execve');
        expect((await rig.command(['list', '-q'])).stdout).toBe('');
      },
    );
  }

  promise('kills: the status is that of SIGSYS', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.seccomp = profile;
    });
    expect((await rig.run(bundle.runs(['hostname', 'x']))).status).toBe(128 + 31);
  });

  promise('holds for what start runs and for exec', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.seccomp = profile;
    });
    const { id, ran } = await rig.create(bundle.runs('mkdir /dev/shm/x 2>&1; exec sleep 1000'));
    await rig.command(['start', id]);
    const again = await rig.command(['exec', id, 'mkdir', '/dev/shm/x']);
    expect(again.stderr).toContain('No space left on device');
    expect(again.status).toBe(1);
    expect(ran.outputSoFar()).toContain('No space left on device');
    expect((await rig.command(['delete', '--force', id])).status).toBe(0);
  });
});
