// The rig's own promises, checked without a runtime: it finds what has been left behind.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { execaSync } from 'execa';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { asRoot, bothWays } from '../rig/ways.js';

const kinds = (rig: Rig) => [...new Set(rig.leftovers().map(({ kind }) => kind))];

bothWays('the rig', (promise) => {
  promise('finds a process that was left and ends it', async (rig) => {
    expect(rig.leftovers()).toEqual([]);
    const { ended } = rig.launch(['sleep', '100']);
    expect(await until(() => kinds(rig).includes('process'))).toBe(true);
    await rig.dispose();
    expect((await ended).status).toBe(128 + 9);
    expect(rig.leftovers()).toEqual([]);
  });

  promise('finds a file in the state directory', async (rig) => {
    mkdirSync(rig.stateDirectory);
    writeFileSync(join(rig.stateDirectory, 'lock'), '');
    expect(rig.leftovers()).toEqual([{ kind: 'file', what: join(rig.stateDirectory, 'lock') }]);
    await rig.dispose();
  });

  promise('runs commands as its identity with an environment of its own', async (rig) => {
    const { stdout } = await rig.execute(['sh', '-c', 'id -u; echo $XDG_RUNTIME_DIR $USER']);
    expect(stdout).toBe(`${rig.identity.uid}\n${rig.runtimeDirectory}\n`);
  });

  promise('gives the status of a command as a shell does', async (rig) => {
    const statuses = ['exit 3', 'kill -TERM $$'].map(async (script) => {
      return (await rig.execute(['sh', '-c', script])).status;
    });
    expect(await Promise.all(statuses)).toEqual([3, 143]);
  });
});

asRoot('the rig', (promise) => {
  promise('finds a mount that was left and removes it', async (rig) => {
    const folder = rig.directory('mounted');
    execaSync('mount', ['-t', 'tmpfs', 'none', folder]);
    expect(rig.leftovers()).toEqual([{ kind: 'mount', what: folder }]);
    await rig.dispose();
    expect(rig.leftovers()).toEqual([]);
  });

  promise.needs(hierarchy() !== '', 'no cgroup2 is mounted')(
    'finds a cgroup that was left with a process in it and removes both',
    async (rig) => {
      const cgroup = `${hierarchy()}/${rig.newId()}`;
      mkdirSync(cgroup);
      const { pid, ended } = rig.launch(['sleep', '100']);
      writeFileSync(join(cgroup, 'cgroup.procs'), String(pid));
      expect(kinds(rig).sort()).toEqual(['cgroup', 'process']);
      await rig.dispose();
      await ended;
      expect(rig.leftovers()).toEqual([]);
    },
  );
});

/** Where cgroup2 is mounted on this machine. */
function hierarchy(): string {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return lines.find((line) => line.includes(' - cgroup2 '))?.split(' ')[4] ?? '';
}
