// What a container does to its own cgroup stays its own affair.

import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../../rig/cgroup2.js';
import { divider } from '../../rig/divider.js';
import { amRoot } from '../../rig/identity.js';
import { detached } from '../../rig/inside.js';
import { until } from '../../rig/until.js';
import { asRoot, asUser, type Promises } from '../../rig/ways.js';

const has = amRoot && cgroup2Controllers() !== undefined;
const lacking = 'no cgroup2 that the tests may mount';

/** 1000 cgroups, one in the other: a path of 21 000 letters. */
const nest = 'nest /sys/fs/cgroup a-name-of-20-letters 1000';

function promises(promise: Promises, options: { cgroup2?: boolean; delegated?: boolean }): void {
  promise.needs(has, lacking)(
    'is removed when it has ended',
    async (rig) => {
      const bundle = await divider(rig);
      const ran = await rig.run(bundle.runs(`${nest} && exit 3`));
      expect(ran).toMatchObject({ status: 3, stderr: '' });
    },
    options,
  );

  promise.needs(has, lacking)(
    'is listed, signalled, killed and deleted',
    async (rig) => {
      const bundle = await divider(rig);
      const { id, remove } = await detached(rig, bundle, `${nest} sleep 1000`);
      const count = async () =>
        JSON.parse((await rig.command(['ps', '--format', 'json', id])).stdout).length as number;
      // The process itself is in the innermost one.
      expect(await until(async () => (await count()) === 1, 3000)).toBe(true);
      for (const signal of ['CONT', 'KILL']) {
        const killed = await rig.command(['kill', '--all', id, signal]);
        expect(killed).toMatchObject({ status: 0, stderr: '' });
      }
      await remove();
    },
    options,
  );
}

const title = 'a container that nests cgroups deeper than a path may be long';
asRoot(title, (promise) => promises(promise, { cgroup2: true }));
asUser(title, (promise) => promises(promise, { delegated: true }));

/** A cgroup for threads alone, whose list of processes cannot be read (cgroups(7)). */
const threaded = `cd /sys/fs/cgroup && mkdir threads && echo threaded >threads/cgroup.type &&
  echo 0 >threads/cgroup.procs && cat threads/cgroup.procs 2>&1; touch /dev/shm/done`;

function threadPromises(promise: Promises, options: { cgroup2?: boolean; delegated?: boolean }) {
  promise.needs(has, lacking)(
    'is listed, joined, signalled, killed and deleted',
    async (rig) => {
      const bundle = await divider(rig);
      // The container's own process stays in it.
      const script = `{ ${threaded}; } >/dev/shm/said; exec sleep 1000`;
      const { id, remove } = await detached(rig, bundle, script);
      const ready = 'until test -e /dev/shm/done; do usleep 1000; done; cat /dev/shm/said';
      const joined = await rig.command(['exec', id, 'sh', '-c', ready]);
      expect(joined).toMatchObject({ status: 0, stderr: '' });
      expect(joined.stdout).toMatch(/not supported/);
      const again = await rig.command(['exec', id, 'true']);
      expect(again).toMatchObject({ status: 0, stderr: '' });
      const { stdout } = await rig.command(['ps', '--format', 'json', id]);
      expect(JSON.parse(stdout)).toHaveLength(1);
      for (const signal of ['CONT', 'KILL']) {
        const killed = await rig.command(['kill', '--all', id, signal]);
        expect(killed).toMatchObject({ status: 0, stderr: '' });
      }
      await remove();
    },
    options,
  );
}

const ofThreads = 'a container that makes cgroups for threads alone';
asRoot(ofThreads, (promise) => threadPromises(promise, { cgroup2: true }));
asUser(ofThreads, (promise) => threadPromises(promise, { delegated: true }));

asRoot('processes of something else beside a container', (promise) => {
  promise.needs(has, lacking)(
    'are not moved to make room for its limits',
    async (rig) => {
      const bundle = await rig.bundle();
      const top = `/sys/fs/cgroup/${rig.token}`;
      bundle.edit(({ linux }) => {
        linux.cgroupsPath = `/${rig.token}/below`;
        linux.resources = { hugepageLimits: [{ pageSize: '2MB', limit: 2 ** 21 }] };
      });
      const run = [...rig.commandLine(), 'run', '-b', bundle.path, rig.newId()].join(' ');
      const script =
        `mkdir ${top}; sleep 100 & echo $! >${top}/cgroup.procs; ${run} && echo ran; ` +
        `grep ^0: /proc/$!/cgroup; kill $!; wait; rmdir ${top}`;
      const { stdout, stderr } = await rig.execute(['sh', '-c', script]);
      expect(stdout).toBe(`0::/${rig.token}\n`);
      expect(stderr).toMatch(/processes of something else are in this cgroup/);
    },
    { cgroup2: true },
  );
});
