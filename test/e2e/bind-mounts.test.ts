// Bind mounts: files and directories, read-only or not, alone or with all below.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { lines, mountsIn, printed } from '../rig/inside.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

bothWays('a bind mount', (promise) => {
  promise('of a directory shows it, and what is written is there', async (rig) => {
    const bundle = await rig.bundle();
    const folder = rig.directory('shared');
    writeFileSync(join(folder, 'from-host'), 'host\n');
    bind(bundle, '/tmp', folder, ['bind']);
    expect(await printed(rig, bundle, 'cat /tmp/from-host; echo inside >/tmp/new')).toBe('host\n');
    expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('inside\n');
  });

  promise('of a file has a target made of the same kind', async (rig) => {
    const bundle = await rig.bundle();
    writeFileSync(join(rig.directory('shared'), 'file'), 'text\n');
    bundle.edit(({ root }) => Object.assign(root, { readonly: false }));
    bind(bundle, '/new/folder/file', join(rig.dir, 'shared/file'), ['bind', 'ro']);
    const script = 'cat /new/folder/file; echo x >/new/folder/file || echo refused';
    expect(await printed(rig, bundle, script)).toBe('text\nrefused\n');
  });

  promise('of a volume of podman has no option of the kernel in copy and nocopy', async (rig) => {
    const bundle = await rig.bundle();
    writeFileSync(join(rig.directory('volume'), 'file'), 'text\n');
    bind(bundle, '/tmp', join(rig.dir, 'volume'), ['nocopy', 'rprivate', 'nosuid', 'rbind']);
    expect(await printed(rig, bundle, 'cat /tmp/file')).toBe('text\n');
    bind(bundle, '/tmp', join(rig.dir, 'volume'), ['U', 'nocopy', 'rbind']);
    expect((await rig.run(bundle.runs('true'))).stderr).toContain('file system options: U');
  });

  promise('type bind, or option bind, or rbind: each makes it one', async (rig) => {
    const bundle = await rig.bundle();
    const folder = rig.directory('shared');
    bundle.edit(({ mounts }) =>
      mounts.push(
        { destination: '/tmp', source: folder, type: 'bind', options: ['rw'] },
        { destination: '/run', source: folder, type: 'none', options: ['bind'] },
        { destination: '/root', source: folder, options: ['rbind'] },
      ),
    );
    expect(await printed(rig, bundle, 'touch /tmp/a /run/b /root/c; ls /run')).toBe('a\nb\nc\n');
  });

  promise('has the flags that are asked for', async (rig) => {
    const bundle = await rig.bundle();
    const folder = rig.directory('shared');
    bind(bundle, '/tmp', folder, ['bind', 'ro', 'nosuid', 'nodev', 'noexec', 'nosymfollow']);
    expect((await mountsIn(rig, bundle)).get('/tmp')?.options).toEqual(
      expect.arrayContaining(['ro', 'nosuid', 'nodev', 'noexec', 'nosymfollow']),
    );
    expect(await lines(rig, bundle, 'touch /tmp/x 2>&1 || true')).toEqual([
      expect.stringContaining('Read-only file system'),
    ]);
  });

  promise('a relative source is below the bundle', async (rig) => {
    const bundle = await rig.bundle();
    mkdirSync(join(bundle.path, 'data'));
    writeFileSync(join(bundle.path, 'data/file'), 'of the bundle\n');
    bind(bundle, '/tmp', 'data', ['bind', 'ro']);
    const output = await printed(rig, bundle, 'cat /tmp/file', { cwd: '/' });
    expect(output).toBe('of the bundle\n');
  });

  promise('a source that is not there is an error with its place', async (rig) => {
    const bundle = await rig.bundle();
    bind(bundle, '/tmp', '/nowhere/at/all', ['bind']);
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/\/nowhere\/at\/all.*no such file or directory.*\/mounts\/7/);
  });

  promise('without the r only the mount itself is bound', async (rig) => {
    const bundle = await rig.bundle();
    bind(bundle, '/tmp', '/dev', ['rbind']);
    expect(await printed(rig, bundle, 'ls /tmp/pts/ptmx')).toBe('/tmp/pts/ptmx\n');
  });

  promise('rro makes all below read-only, ro only the mount itself', async (rig) => {
    const bundle = await rig.bundle();
    bind(bundle, '/tmp', '/dev', ['rbind', 'rro']);
    const script = 'touch /tmp/x 2>/dev/null || echo ro; touch /tmp/shm/x 2>/dev/null || echo ro';
    expect(await printed(rig, bundle, script)).toBe('ro\nro\n');
    const recursive = await mountsIn(rig, bundle);
    expect(recursive.get('/tmp')?.options).toContain('ro');
    expect(recursive.get('/tmp/shm')?.options).toContain('ro');
    bundle.edit(({ mounts }) => Object.assign(mounts.at(-1) ?? {}, { options: ['rbind', 'ro'] }));
    const single = await mountsIn(rig, bundle);
    expect(single.get('/tmp')?.options).toContain('ro');
    expect(single.get('/tmp/shm')?.options).not.toContain('ro');
  });
});

asUser('a bind mount', (promise) => {
  promise('cannot have what the kernel keeps from a user, and says so', async (rig) => {
    const bundle = await rig.bundle();
    bind(bundle, '/tmp', rig.directory('shared'), ['bind', 'noatime']);
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /operation not permitted .*\/mounts\/7\]; in a user namespace the atime/,
    );
  });
});

asRoot('a bind mount', (promise) => {
  promise('has a source that the container’s root could not reach', async (rig) => {
    const bundle = await rig.bundle();
    const hidden = rig.directory('hidden', 0o700);
    writeFileSync(join(hidden, 'file'), 'reached\n', { mode: 0o644 });
    const map = [{ containerID: 0, hostID: 100000, size: 65536 }];
    bundle.edit(({ linux }) => {
      linux.namespaces.push({ type: 'user' });
      Object.assign(linux, { uidMappings: map, gidMappings: map });
    });
    await rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
    bind(bundle, '/etc/passwd', join(hidden, 'file'), ['bind', 'ro', 'nosuid']);
    expect(await printed(rig, bundle, 'cat /etc/passwd')).toBe('reached\n');
  });

  promise('has another atime mode than its source', async (rig) => {
    const bundle = await rig.bundle();
    for (const mode of ['noatime', 'relatime', 'nodiratime']) {
      bind(bundle, '/tmp', rig.directory(mode), ['bind', mode]);
      expect((await mountsIn(rig, bundle)).get('/tmp')?.options).toContain(mode);
    }
  });

  promise('of the host’s tree is its slave, or what is asked for', async (rig) => {
    const folder = rig.directory('shared');
    await rig.execute(['mount', '-t', 'tmpfs', 'tmpfs', folder]);
    await rig.execute(['mount', '--make-shared', folder]);
    for (const [option, kinds] of [
      ['rslave', ['master']],
      ['rprivate', []],
      ['rshared', ['shared']],
    ] as const) {
      const bundle = await rig.bundle();
      bind(bundle, '/tmp', folder, ['rbind', option]);
      if (option === 'rshared') {
        bundle.edit(({ linux }) => Object.assign(linux, { rootfsPropagation: 'rshared' }));
      }
      const found = (await mountsIn(rig, bundle)).get('/tmp')?.propagation ?? [];
      expect([option, found.map((text) => text.replace(/:\d+$/, ''))]).toEqual([option, kinds]);
    }
    await rig.execute(['umount', folder]);
  });
});

function bind(bundle: Bundle, destination: string, source: string, options: string[]): void {
  bundle.edit(({ mounts }) => mounts.push({ destination, source, type: 'bind', options }));
}
