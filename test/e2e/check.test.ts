// `sampan check`: its verdict is what `run` then does, on this machine and in places that lack something.

import { readdirSync } from 'node:fs';
import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { agreement, check } from '../rig/check.js';
import { bothWays, NEWER_CALLS } from '../rig/ways.js';

bothWays('check', (promise) => {
  promise('says that a default container can run, and it does', async (rig) => {
    expect(await agreement(rig)).toMatchObject({ ran: true, obstacles: [] });
    const { status, stdout, stderr } = await rig.command(['check']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^kernel\n {2}version +works +Linux \d/);
    expect(stdout).toMatch(/\n\nA default container can run here\.\n$/);
  });

  promise('leaves nothing behind, and no directory for state', async (rig) => {
    await check(rig);
    expect(readdirSync(rig.runtimeDirectory)).toEqual([]);
    expect(readdirSync(rig.dir)).not.toContain('state');
  });

  promise('tells of the facts that plans are compiled from', async (rig) => {
    const { facts } = await check(rig);
    const { uid, gid } = rig.identity;
    expect(facts.host).toMatchObject({ uid, gid, privileged: uid === 0, inUserNamespace: false });
    expect(Object.keys(facts.tried)).toContain('mount-overlay');
  });

  promise('a state root that cannot be written is missing', async (rig) => {
    const flags = ['--root', '/proc/nowhere'];
    const { ran, document } = await agreement(rig, flags);
    expect(ran).toBe(false);
    expect(document.findings.filter(({ verdict }) => verdict === 'missing')).toContainEqual(
      expect.objectContaining({ name: 'state', meaning: expect.stringContaining('/proc') }),
    );
  });

  promise(
    'a manager of cgroups that is not there is missing where it is asked for',
    async (rig) => {
      const { ran, obstacles } = await agreement(rig, ['--cgroup-manager', 'systemd']);
      const { facts } = await check(rig);
      expect(ran).toBe(facts.systemd.unreached === null);
      expect(obstacles).toEqual(ran ? [] : [`${facts.host.systemd.manager} manager`]);
    },
  );

  promise('leaves nothing behind when it is interrupted', async (rig) => {
    for (let ms = 5; ms <= 100; ms += 5) {
      const running = rig.start(['check']);
      await new Promise((resolve) => setTimeout(resolve, ms));
      running.signal('SIGINT');
      running.signal('SIGTERM');
      await running.ended;
      expect(readdirSync(rig.runtimeDirectory)).toEqual([]);
    }
  });

  promise('an unknown form is refused', async (rig) => {
    const { status, stderr } = await rig.command(['check', '--format', 'xml']);
    expect(status).toBe(1);
    expect(stderr).toContain('table');
  });
});

bothWays(
  'check on an older kernel',
  (promise) => {
    promise(
      'tells which calls are not there, and that containers run all the same',
      async (rig) => {
        const { ran, document } = await agreement(rig);
        expect(ran).toBe(true);
        const limited = document.findings.filter(
          ({ group, verdict }) => group === 'kernel' && verdict === 'limited',
        );
        expect(limited.map(({ name }) => name)).toEqual([
          'openat2',
          'clone3',
          'mount-api',
          'setns',
          'close_range',
        ]);
        for (const { mend } of limited) expect(mend).toContain('seccomp=unconfined');
      },
    );
  },
  { without: NEWER_CALLS },
);

const pure = cgroup2Controllers() !== undefined;
for (const option of ['cgroup2', 'delegated'] as const) {
  bothWays(
    `check in a ${option === 'cgroup2' ? 'pure cgroup2' : 'cgroup of its own'}`,
    (promise) => {
      promise.needs(pure, 'no cgroup2 can be mounted')(
        'tells where cgroups can be made',
        async (rig) => {
          const { ran, finding: of } = await agreement(rig);
          expect(ran).toBe(true);
          expect(of('hierarchy')?.verdict).toBe('works');
          const may = option === 'delegated' || rig.identity.uid === 0;
          expect(of('own cgroups')?.verdict).toBe(may ? 'works' : 'limited');
          expect(of('cgroup.kill')?.verdict).toBe(may ? 'works' : undefined);
        },
        { [option]: true },
      );
    },
  );
}
