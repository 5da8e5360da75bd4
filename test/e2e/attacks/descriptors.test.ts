// No descriptor of the host reaches a container, whatever the caller has open.

import {
  closeSync,
  openSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../../rig/cgroup2.js';
import { detached, remove } from '../../rig/inside.js';
import { onlyLine, refusal } from '../../rig/refusal.js';
import type { Rig } from '../../rig/rig.js';
import { asRoot, onAnyKernel, type Promises } from '../../rig/ways.js';

/** Descriptors 3 to 42 of a command: the host's root directory, inherited without close-on-exec. */
async function withLeaks<T>(body: (fds: readonly number[]) => Promise<T>): Promise<T> {
  const root = openSync('/', 'r');
  try {
    return await body(Array<number>(40).fill(root));
  } finally {
    closeSync(root);
  }
}

const own = '0\n1\n2\n';

/** Directories that a process of the host has open. */
function directoriesOf(pid = 0): string[] {
  const fds = readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
  return fds.filter((fd) => statSync(fd).isDirectory()).map((fd) => readlinkSync(fd));
}

function descriptorPromises(promise: Promises, options = {}): void {
  promise(
    'a container has exactly 0, 1 and 2',
    async (rig) => {
      const bundle = (await rig.bundle()).runs('ls /proc/1/fd; sleep 100');
      await withLeaks(async (fds) => {
        const id = rig.newId();
        const ran = rig.start(['run', '-b', bundle.path, id], { fds });
        await seen(ran.outputSoFar);
        expect(ran.outputSoFar()).toBe(own);
        const exec = ['sh', '-c', 'ls /proc/$$/fd; true'];
        expect((await rig.command(['exec', id, ...exec], { fds })).stdout).toBe(own);
        await remove(rig, id);
        await ran.ended;
      });
    },
    options,
  );

  promise(
    'a file that the runtime has open is none of those that --preserve-fds passes on',
    async (rig) => {
      const bundle = (await rig.bundle()).runs('sleep 100');
      const owner = await detached(rig, bundle);
      const log = join(bundle.path, 'log');
      bundle.runs('ls -l /proc/self/fd');
      const commands = [
        ['run', '-b', bundle.path, '--preserve-fds', '1', rig.newId()],
        ['exec', '--preserve-fds', '9', owner.id, 'ls', '-l', '/proc/self/fd'],
      ];
      for (const command of commands) {
        const ran = await rig.command(['--log', log, ...command]);
        expect(ran).toMatchObject({ status: command[0] === 'exec' ? 255 : 1, stdout: '' });
        expect(ran.stderr).toMatch(/^preserve descriptors: descriptor 3 is not open/);
      }
      await remove(rig, owner.id);
    },
    options,
  );

  promise(
    'a traced container has neither the trace nor the memory of its times, nor have its hooks',
    async (rig) => {
      const look = 'ls -l /proc/self/fd /proc/1/fd; cat /proc/self/maps /proc/1/maps; true';
      const bundle = (await rig.bundle()).runs(look);
      const file = join(rig.runtimeDirectory, 'its-trace');
      // The standard input of a hook is memory, too.
      const traces = /stamps|its-trace|memfd:(?!state)/;
      await withLeaks(async (fds) => {
        for (const flags of [[], ['--preserve-fds', '2']]) {
          const ran = await rig.run(bundle, { fds, flags: ['--trace', file, ...flags] });
          expect(ran.stdout.match(/\[stack\]/g)?.length).toBe(2);
          expect(ran.stdout).not.toMatch(traces);
        }
        bundle.runs('cat /seen').edit((config) => {
          const script = 'exec >/seen 2>&1; ls -l /proc/self/fd; cat /proc/self/maps';
          config.hooks = { startContainer: [{ path: '/bin/sh', args: ['sh', '-c', script] }] };
          config.root = { path: 'rootfs', readonly: false };
        });
        const { stdout } = await rig.run(bundle, { fds, flags: ['--trace', file] });
        expect(stdout).toContain('[stack]');
        expect(stdout).not.toMatch(traces);
      });
    },
    options,
  );

  promise(
    'hooks of every stage, a terminal, a joined namespace and a parameter leave none behind',
    async (rig) => {
      const bundle = (await rig.bundle()).runs('sleep 100');
      const hook = { path: '/bin/true', args: ['true'] };
      const owner = await detached(rig, bundle);
      bundle.runs('ls /proc/1/fd; sleep 100').edit((config) => {
        const stages = ['prestart', 'createRuntime', 'createContainer', 'poststart', 'poststop'];
        config.hooks = Object.fromEntries([...stages, 'startContainer'].map((s) => [s, [hook]]));
        config.linux.sysctl = { 'kernel.shm_rmid_forced': '1' };
        const user = config.linux.namespaces.find(({ type }) => type === 'user');
        if (user !== undefined) user.path = `/proc/${owner.pid}/ns/user`;
        config.linux.uidMappings = config.linux.gidMappings = [];
        const uts = config.linux.namespaces.find(({ type }) => type === 'uts');
        Object.assign(uts ?? {}, { path: `/proc/${owner.pid}/ns/uts` });
      });
      await withLeaks(async (fds) => {
        const id = rig.newId();
        const ran = rig.start(['run', '-b', bundle.path, id], { fds });
        await seen(ran.outputSoFar);
        expect(ran.outputSoFar()).toBe(own);
        const script = 'ls /proc/$$/fd; true';
        const exec = ['exec', '--tty', id, 'sh', '-c', script];
        const terminal = await rig.terminal(exec);
        const screen = await terminal.shows('[ended with 0]');
        expect(screen.match(/\d+/g)?.slice(0, 3)).toEqual(['0', '1', '2']);
        expect(screen).toMatch(/^0\s+1\s+2\s+(10\s+)?\[ended/);
        await remove(rig, id);
        await ran.ended;
      });
      await owner.remove();
    },
    options,
  );

  promise(
    'a container that was created and started has exactly 0, 1 and 2',
    async (rig) => {
      const bundle = (await rig.bundle()).runs('ls /proc/1/fd; sleep 100');
      await withLeaks(async (fds) => {
        const id = rig.newId();
        const created = await rig.command(['create', '-b', bundle.path, id], { fds });
        await rig.command(['start', id], { fds });
        await seen(created.outputSoFar);
        expect(created.outputSoFar()).toBe(own);
        await remove(rig, id);
      });
    },
    options,
  );

  promise(
    'with --preserve-fds it has those too, and no other',
    async (rig) => {
      const bundle = (await rig.bundle()).runs('ls /proc/1/fd; true');
      await withLeaks(async (fds) => {
        const ran = await rig.run(bundle, { fds, flags: ['--preserve-fds', '2'] });
        expect(ran.stdout).toBe(`${own}3\n4\n`);
      });
    },
    options,
  );
}

/** A look at init while it waits or serves: by a process of the container, with all its rights. */
function initPromises(promise: Promises, options = {}): void {
  const look = 'for fd in /proc/1/fd/*; do [ -d "$fd/" ] && echo "$fd"; done; echo end';

  promise(
    'init of a created container has no directory open that exec could leave by',
    async (rig) => {
      await withLeaks(async (fds) => {
        const { id } = await rig.create(await rig.bundle());
        const { stdout } = await rig.command(['exec', id, 'sh', '-c', look], { fds });
        expect(stdout).toBe('end\n');
        // The container may not look, so this does.
        const { pid } = await rig.state(id);
        expect(directoriesOf(pid)).toEqual([]);
        await remove(rig, id);
      });
    },
    options,
  );

  promise(
    'init has no directory open that a hook of startContainer could leave by',
    async (rig) => {
      const bundle = (await rig.bundle()).runs('cat /tmp/seen').edit((config) => {
        config.root.readonly = false;
        const args = ['sh', '-c', `(${look}) >/tmp/seen`];
        config.hooks = { startContainer: [{ path: '/bin/sh', args }] };
      });
      await withLeaks(async (fds) => {
        expect(await rig.run(bundle, { fds })).toMatchObject({ status: 0, stdout: 'end\n' });
      });
    },
    options,
  );
}

/** The program, and the interpreter of a script: the kernel looks for both while init's files are open. */
function programPromises(promise: Promises, options = {}): void {
  promise(
    'no descriptor of init leads to a program of the host',
    async (rig) => {
      const bundle = await rig.bundle();
      const { id, remove } = await detached(rig, bundle);
      const host = rig.program('keyring');
      expect((await rig.execute([host])).stdout).toMatch(/^\d+\n$/);
      for (let fd = 3; fd < 12; fd++) {
        const way = `/proc/self/fd/${fd}${'/..'.repeat(12)}${host}`;
        symlinkSync(way, join(bundle.rootfs, `bin/link${fd}`));
        writeFileSync(join(bundle.rootfs, `bin/script${fd}`), `#!${way}\n`, { mode: 0o755 });
        for (const name of [`link${fd}`, `/bin/script${fd}`, way]) {
          for (const ran of [
            await rig.run(bundle.runs([name])),
            await rig.command(['exec', id, name]),
          ]) {
            expect({ name, stdout: ran.stdout }).toEqual({ name, stdout: '' });
            expect(onlyLine(ran)).toMatch(/ENOENT|EACCES|ENOTDIR/);
          }
        }
      }
      await remove();
    },
    options,
  );
}

async function seen(output: () => string): Promise<void> {
  for (let i = 0; i < 500 && !output().includes('2\n'); i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // What would come after it.
  await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Runs `exec --cwd` in a container that sleeps. */
async function execAt(rig: Rig, cwd: string, fds: readonly number[], flags: string[] = []) {
  const bundle = (await rig.bundle()).runs(['sleep', '100']);
  const { id } = await rig.create(bundle);
  await rig.command(['start', id]);
  const ran = await rig.command(['exec', '--cwd', cwd, ...flags, id, 'ls'], { fds });
  await remove(rig, id);
  return ran;
}

const title = 'CVE-2024-21626: descriptors of the host';

onAnyKernel(title, (promise) => {
  descriptorPromises(promise);
  initPromises(promise);
  programPromises(promise);

  promise('a working directory by descriptor is refused', async (rig) => {
    const bundle = await rig.bundle();
    symlinkSync('/proc/self/fd', join(bundle.rootfs, 'fds'));
    await withLeaks(async (fds) => {
      for (let fd = 3; fd < 20; fd++) {
        for (const cwd of [`/proc/self/fd/${fd}`, `/proc/1/fd/${fd}/etc`, `/fds/${fd}`]) {
          bundle.edit(({ process }) => Object.assign(process, { cwd }));
          const line = await refusal(rig, ['run', '-b', bundle.path, 'x'], { fds });
          expect(line).toContain('[config.json /process/cwd]');
        }
        if (fd > 10) fd += 3;
      }
    });
  });

  promise('a working directory of exec outside the root is refused', async (rig) => {
    await withLeaks(async (fds) => {
      // Given on purpose, so that it is open when the directory is changed.
      const ran = await execAt(rig, '/proc/self/fd/3', fds, ['--preserve-fds', '1']);
      expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status: 255, stdout: '' });
      expect(onlyLine(ran)).toMatch(
        /\/proc\/self\/fd\/3: .*the directory is outside the container's root \(EXDEV\)/,
      );
      const below = await execAt(rig, '/proc/self/fd/3/etc', fds, ['--preserve-fds', '1']);
      expect({ status: below.status, stdout: below.stdout }).toEqual({ status: 255, stdout: '' });
    });
  });

  promise('no descriptor of init is a working directory outside the root', async (rig) => {
    const bundle = (await rig.bundle()).runs(['sleep', '100']);
    const { id } = await rig.create(bundle);
    await rig.command(['start', id]);
    const where = ['stat', '-c', '%d:%i', '.', '/'];
    for (let fd = 3; fd < 12; fd++) {
      const ran = await rig.command(['exec', '--cwd', `/proc/self/fd/${fd}`, id, ...where]);
      // The one to the container's own root leads nowhere else.
      const [here, root] = ran.stdout.split('\n');
      expect({ fd, status: ran.status, here }).toEqual(
        ran.status === 0 ? { fd, status: 0, here: root } : { fd, status: 255, here: '' },
      );
    }
    await remove(rig, id);
  });
});

asRoot(`${title}, with a cgroup of its own`, (promise) => {
  const has = cgroup2Controllers() !== undefined;
  const promised = promise.needs(has, 'no view of a pure cgroup2 can be made here');
  const both = Object.assign(promised, { needs: promise.needs });
  descriptorPromises(both, { cgroup2: true });
  initPromises(both, { cgroup2: true });
  programPromises(both, { cgroup2: true });
});
