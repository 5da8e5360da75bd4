// tmpcopyup: a tmpfs that begins with a copy of what it covers.

import { mkdirSync, readlinkSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { lines, mountsIn, printed } from '../rig/inside.js';
import { asRoot, bothWays } from '../rig/ways.js';

/** A tmpfs with a copy of /data of the root filesystem, which has one. */
function copied(bundle: Bundle, ...options: string[]): string {
  const data = join(bundle.rootfs, 'data');
  mkdirSync(data, { recursive: true });
  bundle.edit((config) => {
    config.root.readonly = true;
    const all = ['tmpcopyup', ...options];
    config.mounts.push({ destination: '/data', type: 'tmpfs', source: 'tmpfs', options: all });
  });
  return data;
}

bothWays('tmpcopyup', (promise) => {
  promise(
    'has the files, with content, modes and times, and leaves the image as it is',
    async (rig) => {
      const bundle = await rig.bundle();
      const data = copied(bundle, 'nosuid', 'size=64m');
      mkdirSync(join(data, 'sub/deeper'), { recursive: true });
      writeFileSync(join(data, 'sub/deeper/large'), Buffer.alloc(5_000_000, 'x'));
      writeFileSync(join(data, 'empty'), '', { mode: 0o640 });
      bundle.give('rootfs/data');
      await rig.execute(['chmod', '4751', join(data, 'sub/deeper/large')]);
      await rig.execute(['chmod', '1770', join(data, 'sub')]);
      await rig.execute(['chmod', '711', data]);
      utimesSync(join(data, 'sub/deeper/large'), 1_000_000_000, 1_000_000_000);
      const files = ['.', 'empty', 'sub', 'sub/deeper/large'].join(' ');
      const script = `cd /data; stat -c '%n %a %s %Y' ${files}; echo new >sub/new; rm empty`;
      const output = await lines(rig, bundle, script);
      expect(output[0]).toMatch(/^\. 711 /);
      expect(output[1]).toMatch(/^empty 640 0 /);
      expect(output[2]).toMatch(/^sub 1770 /);
      expect(output[3]).toBe('sub/deeper/large 4751 5000000 1000000000');
      const { stdout } = await rig.execute(['find', data, '-type', 'f']);
      expect(stdout.trimEnd().split('\n').sort()).toEqual([
        join(data, 'empty'),
        join(data, 'sub/deeper/large'),
      ]);
      expect((await mountsIn(rig, bundle)).get('/data')).toMatchObject({ type: 'tmpfs' });
    },
  );

  promise('links are copied as they are, wherever they lead', async (rig) => {
    const bundle = await rig.bundle();
    const data = copied(bundle);
    const secret = join(rig.directory('host'), 'secret');
    writeFileSync(secret, 'of the host\n');
    const links = { absolute: secret, up: '../../../../../etc/shadow', proc: '/proc/self/root' };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(data, name));
    symlinkSync(rig.dir, join(data, 'folder'));
    bundle.give('rootfs/data');
    const script =
      'cd /data; for l in absolute up proc folder; do readlink $l; test -h $l || echo no; done';
    expect(await lines(rig, bundle, script)).toEqual([
      ...Object.values(links),
      readlinkSync(join(data, 'folder')),
    ]);
    expect(await printed(rig, bundle, 'cat /data/absolute 2>/dev/null || echo nothing')).toBe(
      'nothing\n',
    );
  });

  promise('a fifo is copied and not waited for', async (rig) => {
    const bundle = await rig.bundle();
    const data = copied(bundle);
    bundle.give('rootfs/data');
    await rig.execute(['mkfifo', join(data, 'fifo')]);
    expect(await printed(rig, bundle, 'stat -c %F /data/fifo')).toBe('fifo\n');
  });

  promise('ro holds for the copy as well', async (rig) => {
    const bundle = await rig.bundle();
    const data = copied(bundle, 'ro', 'noatime');
    writeFileSync(join(data, 'file'), 'text\n');
    const script = 'cat /data/file; echo x 2>/dev/null >/data/file || echo refused';
    expect(await printed(rig, bundle, script)).toBe('text\nrefused\n');
    expect((await mountsIn(rig, bundle)).get('/data')?.options).toContain('noatime');
  });

  promise('a missing directory is made, and the tmpfs is empty', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      config.root.readonly = false;
      const options = ['tmpcopyup', 'nosuid'];
      config.mounts.push({ destination: '/a/b', type: 'tmpfs', source: 'tmpfs', options });
    });
    expect(await printed(rig, bundle, 'ls -A /a/b; grep -c " /a/b tmpfs" /proc/mounts')).toBe(
      '1\n',
    );
  });

  promise('what does not fit is an error that names the file', async (rig) => {
    const bundle = await rig.bundle();
    const data = copied(bundle, 'size=64k');
    writeFileSync(join(data, 'large'), Buffer.alloc(1_000_000));
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /mount tmpfs on \/data: large: .*ENOSPC.*\/mounts\/7\]; raise its option size=/,
    );
  });

  promise('a tree without end is an error, not a crash', async (rig) => {
    const bundle = await rig.bundle();
    const data = copied(bundle);
    mkdirSync(join(data, ...Array.from({ length: 300 }, () => 'd')), { recursive: true });
    bundle.give('rootfs/data');
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/the tree is too deep.*ELOOP/);
  });
});

asRoot('tmpcopyup', (promise) => {
  promise('keeps owners, devices and set-user-ID', async (rig) => {
    const bundle = await rig.bundle();
    const data = copied(bundle);
    writeFileSync(join(data, 'file'), '');
    symlinkSync('file', join(data, 'link'));
    await rig.execute(['mknod', '-m', '600', join(data, 'node'), 'c', '1', '5']);
    await rig.execute(['chown', '-h', '1234:4321', join(data, 'file'), join(data, 'link'), data]);
    await rig.execute(['chmod', '6755', join(data, 'file')]);
    expect(
      await lines(rig, bundle, 'cd /data; stat -c "%n %u:%g %a %t:%T" . file link node'),
    ).toEqual([
      '. 1234:4321 755 0:0',
      'file 1234:4321 6755 0:0',
      'link 1234:4321 777 0:0',
      'node 0:0 600 1:5',
    ]);
  });

  promise(
    'an owner that is not in the user namespace is left out, and set-user-ID with it',
    async (rig) => {
      const bundle = await rig.bundle();
      const data = copied(bundle);
      writeFileSync(join(data, 'file'), '');
      const map = [{ containerID: 0, hostID: 100000, size: 1000 }];
      bundle.edit(({ linux }) => {
        linux.namespaces.push({ type: 'user' });
        Object.assign(linux, { uidMappings: map, gidMappings: map });
      });
      await rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
      await rig.execute(['chown', '5:5', join(data, 'file')]);
      await rig.execute(['chmod', '4755', join(data, 'file')]);
      expect(await printed(rig, bundle, 'stat -c "%u:%g %a" /data/file')).toBe('0:0 755\n');
    },
  );
});
