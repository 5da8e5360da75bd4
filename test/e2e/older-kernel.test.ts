// What kernels since Linux 5.3 lack, and outer containers refuse: taken away by a seccomp filter.

import { expect } from '@jest/globals';
import { refusal } from '../rig/refusal.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { asRoot, bothWays, NEWER_CALLS } from '../rig/ways.js';

/** What a container looks like from inside, without what differs from one to the next. */
const LOOK = [
  'id',
  'hostname',
  'cut -d" " -f5- /proc/self/mountinfo',
  'ls -l /dev | sed "s/ [A-Z][a-z][a-z] .*:[0-9]* / /"; ls /proc/$$/fd',
  'grep -E "Cap|NoNewPrivs|Groups|Uid|Gid" /proc/self/status',
  'cat /proc/self/uid_map /proc/self/cgroup',
].join('; ');

/** `spec` gives no hostname under any filter: an outer container's may refuse sethostname. */
async function look(rig: Rig): Promise<string> {
  const bundle = (await rig.bundle()).runs(LOOK).edit((config) => {
    config.hostname = 'the-same';
  });
  const { status, stdout, stderr } = await rig.run(bundle);
  expect(`${status} ${stderr}`).toBe('0 ');
  return stdout.replaceAll(rig.token, '');
}

let usual: Record<string, string> = {};

bothWays('an older kernel', (promise) => {
  promise('is compared with this one', async (rig) => {
    usual = { ...usual, [rig.identity.name]: await look(rig) };
  });

  for (const without of [...NEWER_CALLS.map((call) => [call]), NEWER_CALLS]) {
    promise(
      `runs the same container without ${without}`,
      async (rig) => expect(await look(rig)).toBe(usual[rig.identity.name]),
      { without },
    );
  }
});

bothWays(
  'without all of them',
  (promise) => {
    promise('a container is created, started, entered and deleted', async (rig) => {
      const { id } = await rig.create((await rig.bundle()).runs('sleep 100'));
      for (const args of [
        ['start', id],
        ['exec', id, 'true'],
        ['kill', id, 'KILL'],
        ['delete', '-f', id],
      ]) {
        expect((await rig.command(args)).stderr).toBe('');
      }
    });

    promise('exec enters every namespace of the container, and its user namespace', async (rig) => {
      for (const mapped of [false, true]) {
        const bundle = (await rig.bundle()).runs('sleep 100').edit(({ linux }) => {
          const { namespaces } = linux;
          if (!namespaces.some(({ type }) => type === 'cgroup'))
            namespaces.push({ type: 'cgroup' });
          if (!mapped || linux.uidMappings) return;
          namespaces.push({ type: 'user' });
          const range = [{ containerID: 0, hostID: 100_000, size: 1000 }];
          Object.assign(linux, { uidMappings: range, gidMappings: range });
        });
        const { id } = await rig.create(bundle);
        await rig.command(['start', id]);
        const script =
          'for i in self 1; do for n in /proc/$i/ns/*; do readlink $n; done; readlink /proc/$i/root; done';
        const { stdout, stderr } = await rig.command(['exec', id, 'sh', '-c', script]);
        await rig.command(['delete', '--force', id]);
        const lines = stdout.split('\n').slice(0, -1);
        const half = lines.length / 2;
        expect({ stderr, half: half >= 8 }).toEqual({ stderr: '', half: true });
        expect(lines.slice(half)).toEqual(lines.slice(0, half));
      }
    });

    promise(
      'options of a bind mount hold on all mounts below it, whatever these are called',
      async (rig) => {
        const bundle = await rig.bundle();
        const source = rig.directory('a b\\c');
        const below = rig.directory('a b\\c/x y');
        bundle.runs("grep ' /tmp' /proc/self/mountinfo | cut -d' ' -f5-6").edit((config) => {
          const destination = '/tmp';
          config.mounts.push({
            destination,
            type: 'none',
            source,
            options: ['rbind', 'rro', 'rnoexec'],
          });
        });
        const mounted = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs x "$0" && exec "$@"', below];
        const run = [...rig.commandLine(), 'run', '-b', bundle.path, rig.newId()];
        const inNamespace = rig.identity.uid === 0 ? mounted : [];
        const { stdout, stderr } = await rig.execute([...inNamespace, ...run]);
        const lines = ['/tmp ro,noexec,relatime'];
        if (rig.identity.uid === 0) lines.push('/tmp/x\\040y ro,noexec,relatime');
        expect({ stdout, stderr }).toEqual({ stdout: `${lines.join('\n')}\n`, stderr: '' });
      },
    );

    promise('what cannot be done says which kernel it takes', async (rig) => {
      const bundle = (await rig.bundle()).edit(({ mounts }) => {
        mounts.push({ destination: '/dev', type: 'none', options: ['remount', 'bind', 'rro'] });
      });
      expect(await refusal(rig, ['run', '-b', bundle.path, rig.newId()])).toMatch(
        /mount_setattr: .* \(ENOSYS\) \[config\.json \/mounts\/7\]; it takes Linux 5\.12/,
      );
    });
  },
  { without: NEWER_CALLS },
);

asRoot(
  'without clone3(2) that puts a process into its cgroup',
  (promise) => {
    promise(
      'a container and what is entered into it are in their cgroup all the same',
      async (rig) => {
        const bundle = (await rig.bundle())
          .runs('cat /proc/self/cgroup; sleep 100')
          .edit((config) => {
            const { namespaces } = config.linux;
            config.linux.namespaces = namespaces.filter(({ type }) => type !== 'cgroup');
            // Entered before it may be in the cgroup: the second of its processes goes there.
            Object.assign(config.process, { execCPUAffinity: { initial: '0', final: '0' } });
          });
        const { id, ran } = await rig.create(bundle);
        await rig.command(['start', id]);
        const { stdout } = await rig.command(['exec', id, 'cat', '/proc/self/cgroup']);
        await until(() => ran.outputSoFar() !== '', 5000);
        await rig.command(['delete', '--force', id]);
        expect(stdout).toContain(id);
        expect(ran.outputSoFar()).toBe(stdout);
      },
    );
  },
  { without: ['clone3'], cgroup2: true },
);
