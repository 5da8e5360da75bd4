// A state directory that cannot be used, or that was left half made.

import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { execaSync } from 'execa';
import { runtimeFor } from '../rig/executable.js';
import { amRoot } from '../rig/identity.js';
import { remove } from '../rig/inside.js';
import { onlyLine, refusal } from '../rig/refusal.js';
import type { Rig } from '../rig/rig.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

/** A command line with another `--root`. */
function withRoot(rig: Rig, root: string, args: readonly string[]) {
  const line = rig.commandLine();
  line[line.indexOf('--root') + 1] = root;
  return rig.execute([...line, ...args]);
}

/** What `create` with another `--root` says, after checking that it failed and left nothing. */
async function refusedBelow(rig: Rig, root: string): Promise<string> {
  const bundle = await rig.bundle();
  const ran = await withRoot(rig, root, ['create', '-b', bundle.path, rig.newId()]);
  expect(ran.status).toBe(1);
  expect(rig.leftovers()).toEqual([]);
  return onlyLine(ran);
}

bothWays('a state root', (promise) => {
  promise('that cannot be made is told by path and errno', async (rig) => {
    const file = join(rig.directory('files'), 'file');
    writeFileSync(file, '');
    expect(await refusedBelow(rig, file)).toBe(
      `state directory: ${file}: not a directory; give --root DIR of your own, mode 0700`,
    );
    expect(await refusedBelow(rig, join(file, 'x'))).toMatch(
      /\/file\/x: .*not a directory \(ENOTDIR\)/,
    );
    expect(await refusedBelow(rig, '/proc/sampan')).toMatch(
      /^make the state directory: \/proc\/sampan: mkdir: .*; give --root DIR/,
    );
  });

  promise('that others may write to is refused', async (rig) => {
    for (const mode of [0o777, 0o770, 0o702, 0o1777]) {
      const root = rig.directory(`mode-${mode.toString(8)}`);
      chmodSync(root, mode);
      expect(await refusedBelow(rig, root)).toMatch(/: writable by other users; give --root DIR/);
      expect(readdirSync(root)).toEqual([]);
    }
  });

  promise('that is a symbolic link is refused', async (rig) => {
    const target = rig.directory('target');
    const link = join(rig.dir, 'link');
    symlinkSync(target, link);
    expect(await refusedBelow(rig, link)).toContain(`${link}: not a directory; `);
    expect(readdirSync(target)).toEqual([]);
  });

  promise('on a file system that is read-only is told so', async (rig) => {
    const root = rig.directory('root', 0o700);
    const bundle = await rig.bundle();
    const { uid } = rig.identity;
    const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
    const namespaces =
      uid === 0 ? ['--mount'] : ['--user', '--map-current-user', '--keep-caps', '--mount'];
    const line = rig.commandLine();
    line[line.indexOf('--root') + 1] = root;
    const run = ['sh', '-c', script, root, ...line, 'run', '-b', bundle.path, rig.newId()];
    const ran = await rig.execute(['unshare', ...namespaces, ...run]);
    expect(ran.status).toBe(1);
    expect(onlyLine(ran)).toMatch(/: mkdir: read-only file system \(EROFS\)/);
  });
});

bothWays('a state root of another user', (promise) => {
  const promised = promise.needs(amRoot, 'only root can give a directory away');
  promised('is refused', async (rig) => {
    const owner = rig.identity.uid === 0 ? '12345' : '0';
    const root = rig.directory('others', 0o755);
    execaSync('chown', [owner, root]);
    expect(await refusedBelow(rig, root)).toMatch(
      /: belongs to uid \d+, not to uid \d+; give --root/,
    );
  });
});

/** Sizes of a tmpfs, in pages and inodes, from too small for anything to enough. */
const disks = ['size=4k', 'size=8k', 'size=12k', ...[2, 3, 4, 5, 6].map((n) => `nr_inodes=${n}`)];

asRoot('a disk', (promise) => {
  promise('that is full at any step of create leaves no half container', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => Object.assign(config, { annotations: { long: 'x'.repeat(3000) } }));
    const root = rig.directory('full');
    const outcomes: string[] = [];
    for (const options of disks) {
      execaSync('mount', ['-t', 'tmpfs', '-o', `${options},mode=700`, 'full', root]);
      try {
        for (const verb of ['create', 'run']) {
          const id = rig.newId();
          const ran = await withRoot(rig, root, [verb, '-b', bundle.path, id]);
          if (ran.status === 0) {
            await withRoot(rig, root, ['delete', '--force', id]);
          } else {
            expect(onlyLine(ran)).toMatch(/no space left on device.* \(ENOSPC\)/);
            outcomes.push(onlyLine(ran).split(':')[0] ?? '');
          }
          expect(readdirSync(root)).toEqual([]);
        }
      } finally {
        execaSync('umount', [root]);
      }
    }
    // It was full when the directory was made, when the record was written, and later.
    expect(new Set(outcomes).size).toBeGreaterThan(2);
  });
});

/** Makes ROOT/ID as a `create` that was killed could have left it. */
function halfMade(rig: Rig, files: Record<string, string>): string {
  const id = rig.newId();
  const path = join(rig.stateDirectory, id);
  const prefix = rig.identity.prefix;
  const [command = '', ...args] = [...prefix, 'mkdir', '-p', '-m', '700', rig.stateDirectory, path];
  execaSync(command, args);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return id;
}

const halves: Record<string, Record<string, string>> = {
  'that is empty': {},
  'with a file that was not renamed yet': { '.config.json.123': '{' },
  'with a configuration and no record': { 'config.json': '{}' },
  'with a record that is cut off': { 'config.json': '{}', 'state.json': '{"ociVersion":"1.3.0",' },
  'with a record of nobody': {
    'state.json': JSON.stringify({
      ociVersion: '1.3.0',
      id: 'x',
      bundle: '/',
      rootfs: '/',
      created: '2026-01-01T00:00:00Z',
      owner: 'root',
      namespaces: 0,
      creator: '4194304 1',
    }),
  },
  'with a record of another form': {
    'state.json': JSON.stringify({
      ...{ ociVersion: '1.3.0', id: 'x', bundle: '/', rootfs: '/', owner: 'root' },
      ...{ created: '2026-01-01T00:00:00Z', creator: '4194304 1', namespaces: 0, cgroup: 5 },
      ...{ hooks: { poststop: [null] }, resctrl: '/', unit: [] },
    }),
    pid: '4194304 1\n',
  },
  'with a pid that is no number': { 'state.json': '[]', pid: 'one\n' },
};

bothWays('a state directory', (promise) => {
  for (const [name, files] of Object.entries(halves)) {
    promise(
      `${name} is told as half made, listed apart and removed by delete --force`,
      async (rig) => {
        const bundle = await rig.bundle();
        const id = halfMade(rig, files);
        for (const verb of ['state', 'start', 'kill', 'ps', 'delete']) {
          const ran = await rig.command([verb, id]);
          expect(ran.status).toBe(1);
          expect(onlyLine(ran)).toMatch(/left half made .*; remove it: sampan delete --force/);
        }
        const exec = await rig.command(['exec', id, 'ls']);
        expect({ status: exec.status, line: onlyLine(exec) }).toEqual({
          status: 255,
          line: expect.stringMatching(/left half made/),
        });
        const list = await rig.command(['list', '-q']);
        expect({ status: list.status, stdout: list.stdout }).toEqual({ status: 0, stdout: '' });
        const create = await rig.command(['create', '-b', bundle.path, id]);
        expect(onlyLine(create)).toMatch(/already exists; .*delete --force/);
        await remove(rig, id);
        expect(readdirSync(rig.stateDirectory)).toEqual([]);
        expect((await rig.run(bundle, { id })).status).toBe(0);
      },
    );
  }

  promise('with the pid of a later process is removed and that process lives', async (rig) => {
    const other = rig.launch(['sleep', '100']);
    const id = halfMade(rig, { 'state.json': 'null', pid: `${other.pid} 1\n` });
    await remove(rig, id);
    process.kill(other.pid, 0);
    other.signal('SIGTERM');
    expect((await other.ended).status).toBe(128 + 15);
  });

  promise('that is a file or a link is told so, and its target stays', async (rig) => {
    const bundle = await rig.bundle();
    halfMade(rig, {});
    const [first = ''] = readdirSync(rig.stateDirectory);
    await remove(rig, first);
    const target = rig.directory('target');
    mkdirSync(join(target, 'kept'));
    writeFileSync(join(rig.stateDirectory, 'file'), '');
    symlinkSync(target, join(rig.stateDirectory, 'link'));
    for (const id of ['file', 'link']) {
      const path = join(rig.stateDirectory, id);
      for (const args of [
        ['state', id],
        ['delete', '--force', id],
        ['start', id],
      ]) {
        expect(onlyLine(await rig.command(args))).toBe(`state: ${path}: not a directory`);
      }
      const create = await rig.command(['create', '-b', bundle.path, id]);
      expect(onlyLine(create)).toMatch(/already exists/);
    }
    expect(readdirSync(target)).toEqual(['kept']);
    execaSync('rm', ['-r', rig.stateDirectory]);
  });
});

asUser('a state root of an ordinary user', (promise) => {
  promise('that XDG_RUNTIME_DIR of somebody else names is told by that', async (rig) => {
    const bundle = await rig.bundle();
    const line = [runtimeFor(rig.identity), 'run', '-b', bundle.path, rig.newId()];
    for (const runtime of ['/proc', '/etc/passwd']) {
      const ran = await rig.execute(line, { env: { XDG_RUNTIME_DIR: runtime } });
      expect(onlyLine(ran)).toMatch(
        `; give --root DIR, or set XDG_RUNTIME_DIR to a directory of your own: it is ${runtime}`,
      );
    }
  });
});

asUser('id maps', (promise) => {
  promise(
    'of more ids than the host has given are refused with whose file to look at',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ linux }) => {
        linux.namespaces = [
          ...linux.namespaces.filter(({ type }) => type !== 'user'),
          { type: 'user' },
        ];
        const own = { containerID: 0, hostID: rig.identity.uid, size: 1 };
        linux.uidMappings = [own, { containerID: 1, hostID: 4_000_000_000, size: 200_000_000 }];
        linux.gidMappings = linux.uidMappings;
      });
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toMatch(/\/etc\/subuid/);
      expect(line).toContain('[config.json /linux/uidMappings');
    },
  );
});
