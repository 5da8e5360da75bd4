// --cgroup of `exec`: below the container's, and nowhere else.

import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { divided } from '../rig/divider.js';
import { amRoot } from '../rig/identity.js';
import { detached } from '../rig/inside.js';
import { onlyLine } from '../rig/refusal.js';
import type { Rig } from '../rig/rig.js';
import { asRoot, asUser, bothWays, type Promises } from '../rig/ways.js';

const pure = amRoot && cgroup2Controllers() !== undefined;
const reason = 'no cgroup2 that the tests may mount';

asRoot('exec --cgroup', (promise) => {
  declareAll(promise, { cgroup2: true });

  promise.needs(pure, reason)(
    'without it, a container that has divided its cgroup is met where it is',
    async (rig) => {
      const script = `cd /sys/fs/cgroup && mkdir init && echo 1 >init/cgroup.procs &&
        c=$(cat cgroup.controllers) && echo +\${c##* } >cgroup.subtree_control &&
        touch /dev/shm/done; exec sleep 1000`;
      const { id, remove } = await divided(rig, script);
      const cat = async (path: string, ...flags: string[]) =>
        rig.command(['exec', ...flags, id, 'cat', path]);
      expect((await cat('/proc/self/cgroup')).stdout).toContain('0::/init\n');
      const top = await cat('/proc/self/cgroup', '--cgroup', '/');
      expect(top.status).toBe(255);
      await remove();
    },
    { cgroup2: true },
  );
});
asUser('exec --cgroup, delegated', (promise) => declareAll(promise, { delegated: true }));

function declareAll(promise: Promises, options: { cgroup2?: boolean; delegated?: boolean }): void {
  const declare = (name: string, body: (rig: Rig) => Promise<void>) =>
    promise.needs(pure, reason)(name, body, options);

  declare('is a cgroup below the container’s, or / for its own', async (rig) => {
    const { id, top, remove } = await withCgroups(rig);
    const born = async (...flags: string[]) => {
      const { stdout } = await rig.command(['exec', ...flags, id, 'cat', '/proc/self/cgroup']);
      return /^0::(.*)$/m.exec(stdout)?.[1];
    };
    expect(await born()).toBe('/');
    expect(await born('--cgroup', '/')).toBe('/');
    expect(await born('--cgroup', '/a/b')).toBe('/a/b');
    expect(await born('--cgroup', 'a//b/.')).toBe('/a/b');
    const file = `${rig.directory('out')}/pid`;
    await rig.command(['exec', '-d', '--pid-file', file, '--cgroup=a', id, 'sleep', '1000']);
    expect(v2(readFileSync(file, 'utf8'))).toBe(`${top}/a`);
    await remove();
  });

  declare('that is none of the container’s is refused, and nothing runs', async (rig) => {
    const { id, remove } = await withCgroups(rig);
    const refused = async (...flags: string[]) => {
      const ran = await rig.command(['exec', ...flags, id, 'echo', 'ran']);
      expect(ran.status).toBe(255);
      return onlyLine(ran);
    };
    const none = /^exec: --cgroup: \S+: no such cgroup in the container$/;
    for (const path of [
      'missing',
      '/a/missing',
      'cgroup.procs',
      'a/cgroup.procs/x',
      `/${'x'.repeat(300)}`,
    ])
      expect(await refused('--cgroup', path)).toMatch(none);
    for (const path of ['..', '/../x', 'a/../../..'])
      expect(await refused('--cgroup', path)).toBe(
        `exec: --cgroup: ${path}: leads out of the container`,
      );
    expect(await refused('--cgroup', 'a', '--cgroup', '/')).toMatch(
      /^exec: --cgroup: a, \/: cgroup version 2 has one, not several$/,
    );
    expect(await refused('--cgroup', 'memory,cpu:/a')).toMatch(/no such cgroup in the container; /);
    await remove();
  });
}

bothWays('exec --cgroup', (promise) => {
  promise('of a container without a cgroup is refused', async (rig) => {
    const bundle = (await rig.bundle()).runs('exec sleep 1000');
    const id = rig.newId();
    await rig.command(['--cgroup-manager', 'disabled', 'run', '-d', '-b', bundle.path, id]);
    const ran = await rig.command(['exec', '--cgroup', '/', id, 'true']);
    expect(ran.status).toBe(255);
    expect(onlyLine(ran)).toBe('exec: --cgroup: /: the container has no cgroup');
    await rig.command(['delete', '--force', id]);
  });
});

/** A container with the cgroups a and a/b below its own. */
async function withCgroups(rig: Rig) {
  const { id, pid, remove } = await detached(rig, await rig.bundle());
  const top = v2(pid);
  expect((await rig.execute(['mkdir', '-p', `/sys/fs/cgroup${top}/a/b`])).status).toBe(0);
  return { id, top, remove };
}

function v2(pid: number | string): string {
  return /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1] ?? '';
}
