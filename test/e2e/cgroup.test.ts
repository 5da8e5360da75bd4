// A cgroup of its own: where version 2 is all there is, in a delegated one, and on this host as it
// is.

import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Resources } from '../../src/spec/types.js';
import type { Bundle } from '../rig/bundle.js';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { amRoot } from '../rig/identity.js';
import { detached, printed, remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { asRoot, asUser, bothWays, type Promises } from '../rig/ways.js';

const pure = amRoot && cgroup2Controllers() !== undefined;
const reason = 'no cgroup2 that the tests may mount';

asRoot('a cgroup of its own', (promise) => {
  declareAll(promise, { cgroup2: true });

  promise.needs(pure, reason)(
    'is where cgroupsPath says',
    async (rig) => {
      const bundle = await rig.bundle();
      const path = `/${rig.token}/deep/own`;
      bundle.edit(({ linux }) => Object.assign(linux, { cgroupsPath: path }));
      const { pid, remove } = await detached(rig, bundle);
      expect(await cgroupOf(rig, pid)).toBe(path);
      await remove();
      expect((await rig.execute(['ls', '/sys/fs/cgroup'])).stdout).not.toContain(rig.token);
    },
    { cgroup2: true },
  );

  promise.needs(pure, reason)(
    'leaves of the cgroups above it those that were there before, or that another uses',
    async (rig) => {
      const bundle = await rig.bundle();
      const top = `/sys/fs/cgroup/${rig.token}`;
      await rig.execute(['mkdir', top]);
      const at = (path: string) =>
        bundle.edit(({ linux }) => Object.assign(linux, { cgroupsPath: `/${rig.token}/${path}` }));
      const ls = async () => (await rig.execute(['ls', top])).stdout.match(/^(mine|.*deep)$/gm);
      const first = await detached(rig, at('mine/deep/one'));
      const second = await detached(rig, at('mine/deep/two'));
      expect((await rig.run(at('other/deep').runs('exit 3'))).status).toBe(3);
      await first.remove();
      expect(await ls()).toEqual(['mine']);
      // The last one takes them along, whoever made them, but not what the caller made.
      await second.remove();
      expect(await ls()).toBeNull();
      await rig.execute(['rmdir', top]);
    },
    { cgroup2: true },
  );

  promise.needs(pure, reason)(
    'goes with the cgroups above it at the end of a foreground container, and when the launch fails',
    async (rig) => {
      const bundle = await rig.bundle();
      const path = `/${rig.token}/a/b`;
      bundle.edit(({ linux }) => Object.assign(linux, { cgroupsPath: path }));
      expect((await rig.run(bundle.runs('grep ^0: /proc/self/cgroup; exit 4'))).status).toBe(4);
      const ls = async () => (await rig.execute(['ls', '/sys/fs/cgroup'])).stdout;
      expect(await ls()).not.toContain(rig.token);
      expect((await rig.run(bundle.runs(['/no/such/program']))).status).toBe(1);
      expect(await ls()).not.toContain(rig.token);
    },
    { cgroup2: true },
  );

  promise.needs(pure, reason)(
    'that would be frozen is refused, and nothing of it is left',
    async (rig) => {
      const bundle = await rig.bundle();
      const top = `/sys/fs/cgroup/${rig.token}`;
      await rig.execute(['sh', '-c', `mkdir ${top} && echo 1 >${top}/cgroup.freeze`]);
      for (const path of ['', '/below/it']) {
        bundle.edit(({ linux }) => {
          linux.cgroupsPath = `/${rig.token}${path}`;
        });
        const { status, stderr } = await rig.run(bundle);
        expect(stderr).toMatch(/create cgroup: .*this cgroup is frozen.*\/linux\/cgroupsPath/);
        expect(status).toBe(1);
      }
      await rig.execute(['rmdir', top]);
    },
    { cgroup2: true },
  );

  promise.needs(pure, reason)(
    'of a container that has ended may be given to the next; delete then leaves it alone',
    async (rig) => {
      const bundle = await rig.bundle();
      const path = `/${rig.token}-shared`;
      bundle.edit(({ linux }) => Object.assign(linux, { cgroupsPath: path }));
      const ended = await detached(rig, bundle, 'exit 0');
      const stopped = async () => (await rig.state(ended.id)).status === 'stopped';
      expect(await until(stopped)).toBe(true);
      const next = await detached(rig, bundle, 'exec sleep 1000');
      expect(await cgroupOf(rig, next.pid)).toBe(path);
      expect(await rig.command(['delete', ended.id])).toMatchObject({ status: 0, stderr: '' });
      expect((await rig.state(next.id)).status).toBe('running');
      await next.remove();
    },
    { cgroup2: true },
  );

  promise.needs(pure, reason)(
    'kill --all reaches processes that are out of the pid namespace’s reach',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ linux }) => {
        linux.namespaces = linux.namespaces.filter(({ type }) => type !== 'pid');
      });
      const script = 'sleep 1001 & (setsid sleep 1002 &) ; echo up; wait';
      const { id, pid, remove } = await detached(rig, bundle, script);
      const group = await cgroupOf(rig, pid);
      expect(await until(async () => (await members(rig, group)).length === 3)).toBe(true);
      expect((await rig.command(['kill', '--all', id, 'KILL'])).status).toBe(0);
      expect(await until(async () => (await members(rig, group)).length === 0)).toBe(true);
      await remove();
    },
    { cgroup2: true },
  );
});

asUser('a cgroup of its own, delegated', (promise) => {
  declareAll(promise, { delegated: true });
});

function declareAll(promise: Promises, options: { cgroup2?: boolean; delegated?: boolean }): void {
  const declare = (name: string, body: (rig: Rig) => Promise<void>) =>
    promise.needs(pure, reason)(name, body, options);

  declare('holds the container’s process, and is gone with it', async (rig) => {
    const bundle = await rig.bundle();
    const { id, pid, remove } = await detached(rig, bundle, 'sleep 1000 & wait');
    const group = await cgroupOf(rig, pid);
    expect(group).toContain(id);
    expect(await until(async () => (await members(rig, group)).length === 2)).toBe(true);
    expect(await members(rig, group)).toContain(pid);
    await remove();
    expect((await rig.execute(['test', '-e', `/sys/fs/cgroup${group}`])).status).toBe(1);
  });

  declare('run logs no warning', async (rig) => {
    expect(await rig.run((await rig.bundle()).runs('exit 3'))).toMatchObject({
      status: 3,
      stderr: '',
    });
  });

  declare('is the top of what the container sees', async (rig) => {
    const bundle = await rig.bundle();
    expect(bundle.config.linux.namespaces).toContainEqual({ type: 'cgroup' });
    const script =
      'grep ^0: /proc/self/cgroup; cat /sys/fs/cgroup/cgroup.procs; grep cgroup2 /proc/mounts | tail -1';
    expect(await printed(rig, bundle, script)).toMatch(
      /^0::\/\n1\n\d+\ncgroup \/sys\/fs\/cgroup cgroup2 ro,nosuid,nodev,noexec,relatime/,
    );
  });

  declare(
    'can be divided by the container where it may write, and is removed all the same',
    async (rig) => {
      const bundle = await rig.bundle();
      writable(bundle);
      const script =
        'mkdir -p /sys/fs/cgroup/a/b && echo $$ >/sys/fs/cgroup/a/b/cgroup.procs && ' +
        'grep ^0: /proc/self/cgroup; sleep 1000 & exit 5';
      expect(await rig.run(bundle.runs(script))).toMatchObject({ stdout: '0::/a/b\n', status: 5 });
      const { pid, id } = await detached(rig, bundle, script.replace('exit 5', 'wait'));
      expect(await until(async () => (await cgroupOf(rig, pid)).endsWith('/a/b'))).toBe(true);
      await remove(rig, id);
    },
  );

  declare(
    'is the container’s to divide where it may write: as the kernel says, and no more',
    async (rig) => {
      const bundle = await rig.bundle();
      writable(bundle);
      const { uid } = amRootOf(rig) ? ownIds(bundle) : rig.identity;
      const { pid, remove } = await detached(rig, bundle);
      const group = `/sys/fs/cgroup${await cgroupOf(rig, pid)}`;
      const list = `cd ${group} && stat -c '%u %n' . *`;
      const { stdout } = await rig.execute(['sh', '-c', list]);
      const owners = stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' '));
      const delegate = readFileSync('/sys/kernel/cgroup/delegate', 'utf8').split('\n');
      const given = owners.filter(([owner]) => owner === String(uid)).map(([, name = '']) => name);
      expect(given).toEqual(
        expect.arrayContaining(['.', 'cgroup.procs', 'cgroup.subtree_control']),
      );
      if (amRootOf(rig)) for (const name of given) expect(['.', ...delegate]).toContain(name);
      await remove();
    },
  );

  declare('stays the host’s where the container may not write', async (rig) => {
    const bundle = await rig.bundle();
    if (amRootOf(rig)) ownIds(bundle);
    const { pid, remove } = await detached(rig, bundle);
    const group = `/sys/fs/cgroup${await cgroupOf(rig, pid)}`;
    const { stdout } = await rig.execute(['stat', '-c', '%u', group, `${group}/cgroup.procs`]);
    expect(stdout).toBe(`${rig.identity.uid}\n`.repeat(2));
    await remove();
  });

  declare('is what kill --all empties', async (rig) => {
    const script = 'sleep 1001 & sleep 1002 & wait';
    const { id, pid, remove } = await detached(rig, await rig.bundle(), script);
    const group = await cgroupOf(rig, pid);
    expect(await until(async () => (await members(rig, group)).length === 3)).toBe(true);
    const killed = await rig.command(['kill', '--all', id, 'KILL']);
    expect(killed).toMatchObject({ status: 0, stderr: '' });
    expect(await until(async () => (await members(rig, group)).length === 0)).toBe(true);
    await remove();
  });

  declare('that is frozen is shown as paused', async (rig) => {
    const { id, pid } = await detached(rig, await rig.bundle());
    const freeze = `/sys/fs/cgroup${await cgroupOf(rig, pid)}/cgroup.freeze`;
    await rig.execute(['sh', '-c', `echo 1 >${freeze}`]);
    expect(await until(async () => (await rig.state(id)).status === 'paused')).toBe(true);
    expect((await rig.command(['list'])).stdout).toMatch(/ paused /);
    const { status, stderr } = await rig.command(['exec', id, 'true']);
    expect([status, stderr]).toEqual([255, expect.stringContaining('paused')]);
    await rig.execute(['sh', '-c', `echo 0 >${freeze}`]);
    expect(await until(async () => (await rig.state(id)).status === 'running')).toBe(true);
    await rig.execute(['sh', '-c', `echo 1 >${freeze}`]);
    expect(await until(async () => (await rig.state(id)).status === 'paused')).toBe(true);
    await remove(rig, id);
  });

  declare('is that of exec too', async (rig) => {
    const { id, pid, remove } = await detached(rig, await rig.bundle());
    const group = await cgroupOf(rig, pid);
    await rig.command(['exec', '--detach', id, 'sleep', '1000']);
    expect(await members(rig, group)).toHaveLength(2);
    const { stdout } = await rig.command(['ps', '--format', 'json', id]);
    expect(JSON.parse(stdout)).toEqual(await members(rig, group));
    await remove();
  });

  declare('is not another container’s: one that is in use is left alone', async (rig) => {
    const bundle = await rig.bundle();
    const { pid, remove } = await detached(rig, bundle);
    const group = await cgroupOf(rig, pid);
    bundle.edit(({ linux }) => Object.assign(linux, { cgroupsPath: group }));
    const { status, stdout, stderr } = await rig.run(bundle.runs('echo runs'));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/processes of something else.*\/linux\/cgroupsPath/);
    expect(await members(rig, group)).toEqual([pid]);
    await remove();
  });
}

asRoot('a limit whose controller is nowhere', (promise) => {
  promise.needs(pure, reason)(
    'is an error for root, who could have it',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ linux }) => {
        linux.resources = { unified: { 'nowhere.max': '5' } };
      });
      const { status, stderr } = await rig.run(bundle);
      expect(stderr).toMatch(
        /this machine has no nowhere controller .*unified\/nowhere\.max\].*cgroup\.controllers/,
      );
      expect(status).toBe(1);
    },
    { cgroup2: true },
  );
});

/** Limits by the controller, of version 1, that they need. */
const LIMITS = {
  memory: ['/memory/limit', { memory: { limit: 2 ** 26 } }],
  pids: ['/pids/limit', { pids: { limit: 10 } }],
  cpu: ['/cpu/quota', { cpu: { quota: 50_000 } }],
  cpuset: ['/cpu/cpus', { cpu: { cpus: '0' } }],
  blkio: [
    '/blockIO/throttleReadBpsDevice/0',
    { blockIO: { throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 5 }] } },
  ],
} as const satisfies Record<string, readonly [string, Resources]>;

const VERSION2: Readonly<Record<string, string>> = { blkio: 'io' };

/** Mount points of version 1 by controller: a mount's last field has those of its hierarchy. */
const version1 = new Map(
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(' - cgroup '))
    .map((line) => line.split(' '))
    .flatMap((fields) => (fields.at(-1) ?? '').split(',').map((name) => [name, fields[4]])),
);
const taken = Object.entries(LIMITS).filter(([name]) => version1.has(name));

bothWays('limits on a host whose controllers version 1 has', (promise) => {
  promise.needs(taken.length > 0, 'no controller is bound to cgroup version 1')(
    'are each told when they are not applied, and refused with --strict',
    async (rig) => {
      for (const [name, [place, resources]] of taken) {
        const bundle = (await rig.bundle()).runs('echo runs');
        bundle.edit(({ linux }) => {
          linux.resources = resources;
        });
        const lenient = await rig.run(bundle);
        const where = `${VERSION2[name] ?? name} controller.* version 1.*, at ${version1.get(name)}`;
        const told = new RegExp(`limit not applied: .*${where} .*/linux/resources${place}\\]`);
        expect(lenient).toMatchObject({ status: 0, stdout: 'runs\n' });
        expect(lenient.stderr).toMatch(told);
        const strict = await rig.run(bundle, { flags: ['--strict'] });
        expect(strict).toMatchObject({ status: 1, stdout: '' });
        expect(strict.stderr).toMatch(new RegExp(`limit the cgroup: .*${where} .*${place}\\]`));
      }
    },
  );
});

bothWays('on the host as it is', (promise) => {
  promise('the container runs, and is known by its processes', async (rig) => {
    const { id, pid, remove } = await detached(rig, await rig.bundle(), 'sleep 1000 & wait');
    const pids = async () =>
      JSON.parse((await rig.command(['ps', '--format', 'json', id])).stdout) as number[];
    expect(await until(async () => (await pids()).length === 2)).toBe(true);
    expect(await pids()).toContain(pid);
    expect((await rig.command(['kill', '--all', id, 'KILL'])).status).toBe(0);
    expect(await until(async () => (await rig.state(id)).status === 'stopped')).toBe(true);
    await remove();
  });

  promise('without a cgroup each limit that is not applied is logged', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo runs');
    bundle.edit(({ linux }) => {
      linux.resources = { memory: { limit: 2 ** 26 }, pids: { limit: 10 } };
    });
    const line = ['--cgroup-manager', 'disabled', 'run', '-b', bundle.path, rig.newId()];
    const { status, stdout, stderr } = await rig.command(line);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'runs\n' });
    for (const limit of ['memory/limit', 'pids/limit']) {
      expect(stderr).toMatch(new RegExp(`limit not applied.*/linux/resources/${limit}`));
    }
  });
});

/** Where the container `id` of an ordinary user would have its cgroup. */
async function defaultCgroup(rig: Rig, bundle: Bundle, id: string): Promise<string> {
  const { stdout } = await rig.command(['explain', '--format', 'json', '-b', bundle.path, id]);
  const { steps } = JSON.parse(stdout) as { steps: { step: string; path?: string }[] };
  return steps.find(({ step }) => step === 'create-cgroup')?.path ?? '';
}

asUser('the cgroup of somebody else', (promise) => {
  promise.needs(amRoot, 'nobody else may make it')(
    'in the place of the default one is left alone',
    async (rig) => {
      const bundle = (await rig.bundle()).runs('echo runs');
      const id = rig.newId();
      const path = await defaultCgroup(rig, bundle, id);
      expect(path).toContain(id);
      mkdirSync(path);
      try {
        const ran = await rig.command(['run', '-b', bundle.path, id]);
        expect(ran).toMatchObject({ status: 0, stdout: 'runs\n' });
        expect(existsSync(path)).toBe(true);
      } finally {
        rmdirSync(path);
      }
    },
  );
});

/** Lets the container write to its cgroup mount. */
function writable(bundle: Bundle): void {
  bundle.edit(({ mounts }) => {
    const mount = mounts.find(({ destination }) => destination === '/sys/fs/cgroup');
    Object.assign(mount ?? {}, { options: ['nosuid', 'noexec', 'nodev'] });
  });
}

const amRootOf = (rig: Rig) => rig.identity.uid === 0;

/** A user namespace whose root is nobody on the host. */
function ownIds(bundle: Bundle): { uid: number } {
  const uid = 700_000;
  const map = [{ containerID: 0, hostID: uid, size: 65_536 }];
  bundle.edit(({ linux }) => {
    linux.namespaces.push({ type: 'user' });
    Object.assign(linux, { uidMappings: map, gidMappings: map });
  });
  return { uid };
}

/** The cgroup of version 2 that a process is in, from the root of the hierarchy. */
async function cgroupOf(rig: Rig, pid: number): Promise<string> {
  const { stdout } = await rig.execute(['cat', `/proc/${pid}/cgroup`]);
  return /^0::(.*)$/m.exec(stdout)?.[1] ?? '';
}

/** Pids in a cgroup and below, ascending. */
async function members(rig: Rig, group: string): Promise<number[]> {
  const find = `find /sys/fs/cgroup${group} -name cgroup.procs -exec cat {} +`;
  const { stdout } = await rig.execute(['sh', '-c', find]);
  const pids = stdout.split('\n').filter(Boolean).map(Number);
  return pids.toSorted((a, b) => a - b);
}
