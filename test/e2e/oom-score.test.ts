// oom_score_adj of the program: what config.json says, else what the caller has.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { detached, printed } from '../rig/inside.js';
import { refusal } from '../rig/refusal.js';
import { asRoot, bothWays } from '../rig/ways.js';

const SCORE = 'cat /proc/self/oom_score_adj';

bothWays('process.oomScoreAdj', (promise) => {
  promise('is that of the program, and of no process outside', async (rig) => {
    const bundle = await rig.bundle();
    const own = readFileSync('/proc/self/oom_score_adj', 'utf8');
    bundle.edit(({ process }) => Object.assign(process, { oomScoreAdj: 432 }));
    expect(await printed(rig, bundle, SCORE)).toBe('432\n');
    expect(readFileSync('/proc/self/oom_score_adj', 'utf8')).toBe(own);
  });

  promise('unset, it is the caller’s', async (rig) => {
    const bundle = (await rig.bundle()).runs(SCORE);
    const run = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
    const { stdout } = await rig.execute(['choom', '-n', '77', '--', ...run]);
    expect(stdout).toBe('77\n');
  });

  promise('also in namespaces that are joined', async (rig) => {
    const bundle = await rig.bundle();
    const { pid, remove } = await detached(rig, bundle);
    bundle.edit(({ process, linux }) => {
      process.oomScoreAdj = 234;
      linux.namespaces = linux.namespaces.map((namespace) => {
        const joined = { user: 'user', network: 'net', ipc: 'ipc', pid: 'pid' }[
          namespace.type as 'pid'
        ];
        return joined ? { ...namespace, path: `/proc/${pid}/ns/${joined}` } : namespace;
      });
      linux.uidMappings = [];
      linux.gidMappings = [];
    });
    expect(await printed(rig, bundle, SCORE)).toBe('234\n');
    await remove();
  });
});

asRoot('process.oomScoreAdj', (promise) => {
  promise('is written by the runtime, also for a user namespace', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process, linux }) => {
      process.oomScoreAdj = 111;
      linux.namespaces.push({ type: 'user' });
      linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
      linux.gidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
    });
    bundle.give('rootfs');
    expect(await printed(rig, bundle, SCORE)).toBe('111\n');
  });

  promise.needs(!mayLower(), 'the tests may lower oom_score_adj')(
    'without CAP_SYS_RESOURCE a lower one is refused with its place and remedy',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ process }) => Object.assign(process, { oomScoreAdj: -500 }));
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toMatch(
        /set oom_score_adj to -500: .*EACCES.*\/process\/oomScoreAdj.*CAP_SYS_RESOURCE/,
      );
    },
  );
});

/** Whether this process has CAP_SYS_RESOURCE, by trying it; put back at once. */
function mayLower(): boolean {
  const path = '/proc/self/oom_score_adj';
  const old = readFileSync(path, 'utf8').trim();
  try {
    writeFileSync(path, String(Math.max(-1000, Number(old) - 1)));
    writeFileSync(path, old);
    return true;
  } catch {
    return false;
  }
}
