// runtime.md: state, create, start, kill, delete.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../rig/until.js';
import { all, ofLinux, ofProcess, withNamespace } from '../changes.js';
import { bind } from '../mounts.js';
import { asRoot, row } from '../row.js';
import type { Subject } from '../subject.js';

/** A created container; its program says in a file that it runs, and sleeps. */
async function created(subject: Subject) {
  const folder = subject.rig.directory('shared', 0o777);
  const args = ['/bin/sh', '-c', 'touch /mnt/ran; exec sleep 1000'];
  const bundle = subject.bundle(all(bind('/mnt', folder), ofProcess({ args })));
  const id = subject.rig.newId();
  await subject.succeeds('create', '--bundle', bundle.path, id);
  const status = async () => (await subject.rig.state(id)).status;
  return {
    id,
    bundle,
    status,
    ran: () => existsSync(join(folder, 'ran')),
    becomes: (wanted: string) => until(async () => (await status()) === wanted),
    start: () => subject.succeeds('start', id),
    stop: async () => {
      await subject.succeeds('kill', id, 'KILL');
      ok(await until(async () => (await status()) === 'stopped'), 'it did not stop');
    },
    remove: () => subject.succeeds('delete', '--force', id),
  };
}

export const lifecycleRows = [
  row('state', 'ociVersion, id, status, pid, bundle', {
    'of each status': async (subject) => {
      const container = await created(subject);
      const { id, bundle } = container;
      const state = await subject.rig.state(id);
      match(state.ociVersion, /^1\./);
      deepEqual([state.id, state.status, state.bundle], [id, 'created', bundle.path]);
      ok((state.pid ?? 0) > 0);
      await container.start();
      ok(await container.becomes('running'));
      equal((await subject.rig.state(id)).pid, state.pid);
      await container.stop();
      await container.remove();
    },
    'of no container is an error': (subject) => subject.fails('state', 'no-such-container'),
  }),
  row('create', 'everything but the program; the id must be new', {
    'does not run the program': async (subject) => {
      const container = await created(subject);
      await new Promise((resolve) => setTimeout(resolve, 200));
      equal(container.ran(), false);
      await container.remove();
    },
    'with an id that is in use is an error': async (subject) => {
      const container = await created(subject);
      await subject.fails('create', '--bundle', container.bundle.path, container.id);
      equal(await container.status(), 'created');
      await container.remove();
    },
    'with an id that is no name is an error': (subject) =>
      subject.fails('create', '--bundle', subject.bundle().path, '../escape'),
    'that fails leaves nothing, and the id is free': async (subject) => {
      const bundle = subject.bundle(ofProcess({ args: ['/bin/absent'] }));
      const id = subject.rig.newId();
      await subject.fails('create', '--bundle', bundle.path, id);
      await subject.fails('state', id);
      bundle.edit(({ process }) => {
        process.args = ['/bin/true'];
      });
      await subject.succeeds('create', '--bundle', bundle.path, id);
      await subject.succeeds('delete', '--force', id);
    },
    'later changes of config.json have no effect': async (subject) => {
      const container = await created(subject);
      container.bundle.edit(({ process }) => {
        process.args = ['/bin/false'];
      });
      await container.start();
      ok(await until(() => container.ran()));
      await container.remove();
    },
  }),
  row(
    'exec after config.json has changed',
    'the container’s configuration is that of its creation',
    {
      'has the environment of the container': async (subject) => {
        const container = await created(subject);
        await container.start();
        container.bundle.edit(({ process }) => process.env?.push('LATER=1'));
        const { stdout } = await subject.succeeds('exec', container.id, '/bin/busybox', 'env');
        ok(!stdout.includes('LATER'), stdout);
        await container.remove();
      },
    },
  ),
  row('start', 'only what is created', {
    'runs the program': async (subject) => {
      const container = await created(subject);
      await container.start();
      ok(await until(() => container.ran()));
      await container.remove();
    },
    'of what runs is an error, which does not disturb it': async (subject) => {
      const container = await created(subject);
      await container.start();
      await subject.fails('start', container.id);
      equal(await container.status(), 'running');
      await container.remove();
    },
    'of what has stopped is an error': async (subject) => {
      const container = await created(subject);
      await container.start();
      await container.stop();
      await subject.fails('start', container.id);
      await container.remove();
    },
    'of no container is an error': (subject) => subject.fails('start', 'no-such-container'),
  }),
  row('kill', 'only what is created or running', {
    'sends the signal': async (subject) => {
      const args = [
        '/bin/sh',
        '-c',
        'trap "exit 42" USR1; echo ready; while :; do sleep 0.05; done',
      ];
      const bundle = subject.bundle(ofProcess({ args }));
      const id = subject.rig.newId();
      const running = subject.rig.start(['run', '--bundle', bundle.path, id], { input: '' });
      ok(await until(() => running.outputSoFar() === 'ready\n'));
      await subject.succeeds('kill', id, 'USR1');
      equal((await running.ended).status, 42);
    },
    'of what is created': async (subject) => {
      const container = await created(subject);
      await container.stop();
      await container.remove();
    },
    'of what has stopped is an error': async (subject) => {
      const container = await created(subject);
      await container.start();
      await container.stop();
      await subject.fails('kill', container.id, 'TERM');
      await container.remove();
    },
    'an unknown signal is an error': async (subject) => {
      const container = await created(subject);
      await subject.fails('kill', container.id, 'SIGNONE');
      await container.remove();
    },
  }),
  row('delete', 'only what has stopped', {
    'removes all of it; the id is free': async (subject) => {
      const container = await created(subject);
      await container.start();
      await container.stop();
      await subject.succeeds('delete', container.id);
      await subject.fails('state', container.id);
    },
    'of what runs is an error, which does not disturb it': async (subject) => {
      const container = await created(subject);
      await container.start();
      await subject.fails('delete', container.id);
      equal(await container.status(), 'running');
      await container.remove();
    },
    'of no container is an error': (subject) => subject.fails('delete', 'no-such-container'),
  }),
  row('run', 'create, start, wait, delete', {
    'ends with the status of the program': async (subject) => {
      const bundle = subject.bundle(ofProcess({ args: ['/bin/sh', '-c', 'exit 7'] }));
      equal((await subject.run(bundle)).status, 7);
    },
    'ends with 128 and the signal': async (subject) => {
      // Not the first process of a pid namespace, which ignores its own signals.
      const args = ['/bin/sh', '-c', 'sh -c "kill -TERM \\$\\$"; exit $?'];
      equal((await subject.run(subject.bundle(ofProcess({ args })))).status, 143);
    },
    'leaves what the program wrote as it is': async (subject) => {
      const args = ['/bin/sh', '-c', 'printf "out\\0"; echo err >&2'];
      const { stdout, stderr } = await subject.run(subject.bundle(ofProcess({ args })));
      deepEqual([stdout, stderr], ['out\0', 'err\n']);
    },
  }),
  row('exec', 'a further process in the container', {
    'is in all its namespaces, root, and cgroup': async (subject) => {
      const container = await created(subject);
      await container.start();
      const { pid = 0 } = await subject.rig.state(container.id);
      const look = (root: string) =>
        `for n in ipc mnt net pid uts user; do readlink ${root}/ns/$n; done`;
      const inside = await subject.succeeds(
        'exec',
        container.id,
        '/bin/sh',
        '-c',
        look('/proc/self'),
      );
      const outside = await subject.rig.execute(['sh', '-c', look(`/proc/${pid}`)]);
      equal(inside.stdout, outside.stdout);
      await container.remove();
    },
    'ends with the status of the process': async (subject) => {
      const container = await created(subject);
      await container.start();
      equal((await subject.rig.command(['exec', container.id, 'sh', '-c', 'exit 9'])).status, 9);
      await container.remove();
    },
    'in what has stopped is an error': async (subject) => {
      const container = await created(subject);
      await container.start();
      await container.stop();
      await subject.fails('exec', container.id, '/bin/true');
      await container.remove();
    },
  }),
  row('the caller’s null device', 'not given to the user of the container', {
    'on the standard input': asRoot(async (subject) => {
      const { rig } = subject;
      const device = join(rig.dir, 'null');
      await rig.execute(['mknod', '--mode=666', device, 'c', '1', '3']);
      const maps = [{ containerID: 0, hostID: 100000, size: 65536 }];
      const ids = ofLinux({ uidMappings: maps, gidMappings: maps });
      const bundle = subject.bundle(all(withNamespace('user'), ids));
      await rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
      const under = ['sh', '-c', `exec "$@" <${device}`, 'sh'];
      equal((await subject.run(bundle, { under })).stdout, 'it ran\n');
      equal(statSync(device).uid, 0);
    }),
  }),
];
