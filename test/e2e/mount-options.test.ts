// What the words of mounts[].options do to a mount and to its file system.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Mount } from '../../src/spec/types.js';
import type { Bundle } from '../rig/bundle.js';
import { mountsIn, printed } from '../rig/inside.js';
import { asRoot, bothWays } from '../rig/ways.js';

/** Adds mounts to a bundle whose root can be written to. */
function mounting(bundle: Bundle, ...mounts: Mount[]): Bundle {
  return bundle.edit((config) => {
    config.root.readonly = false;
    config.mounts.push(...mounts);
  });
}

const tmpfs = (destination: string, ...options: string[]): Mount => ({
  ...{ destination, type: 'tmpfs', source: 'tmpfs', options },
});

bothWays('options of a file system', (promise) => {
  promise('sync, dirsync and lazytime are flags of it', async (rig) => {
    const bundle = mounting(await rig.bundle(), tmpfs('/tmp', 'sync', 'dirsync', 'lazytime'));
    expect((await mountsIn(rig, bundle)).get('/tmp')?.data).toEqual(
      expect.arrayContaining(['sync', 'dirsync', 'lazytime']),
    );
  });

  promise('each can be taken back, and the later one wins', async (rig) => {
    const options = ['sync', 'lazytime', 'async', 'nolazytime', 'silent', 'loud', 'noiversion'];
    const bundle = mounting(await rig.bundle(), tmpfs('/tmp', ...options));
    const data = (await mountsIn(rig, bundle)).get('/tmp')?.data;
    expect(data).not.toContain('sync');
    expect(data).not.toContain('lazytime');
  });

  promise('iversion and silent come with all the others', async (rig) => {
    const options = ['iversion', 'silent', 'lazytime', 'ro', 'nosuid', 'noatime', 'size=8k'];
    const bundle = mounting(await rig.bundle(), tmpfs('/tmp', ...options, 'nosymfollow'));
    const mount = (await mountsIn(rig, bundle)).get('/tmp');
    expect(mount?.options.toSorted()).toEqual(['noatime', 'nosuid', 'nosymfollow', 'ro']);
    expect(mount?.data).toEqual(expect.arrayContaining(['lazytime', 'size=8k']));
  });

  promise('several in one text, as mount(8) has them', async (rig) => {
    const bundle = mounting(await rig.bundle(), tmpfs('/tmp', 'size=8k,mode=711'));
    const data = (await mountsIn(rig, bundle)).get('/tmp')?.data;
    expect(data).toEqual(expect.arrayContaining(['size=8k', 'mode=711']));
  });

  promise('a tmpfs without a mode has that of the directory it covers', async (rig) => {
    const bundle = mounting(await rig.bundle(), tmpfs('/var/own'), tmpfs('/new'));
    mkdirSync(join(bundle.rootfs, 'var/own'), { recursive: true, mode: 0o755 });
    bundle.give('rootfs/var');
    await rig.execute(['chmod', '1731', join(bundle.rootfs, 'var/own')]);
    expect(await printed(rig, bundle, 'stat -c %a /var/own /new')).toBe('1731\n1777\n');
  });

  promise('a relative destination is below the root, with a warning', async (rig) => {
    const bundle = mounting(await rig.bundle(), tmpfs('new/place'));
    const { stdout, stderr } = await rig.run(bundle.runs('grep -c " /new/place " /proc/mounts'));
    expect({ stdout, stderr }).toEqual({
      stdout: '1\n',
      stderr: expect.stringMatching(/relative destination .*new\/place.* is deprecated/),
    });
  });
});

bothWays('a tmpfs that is read-only', (promise) => {
  promise('still gets the mounts and the directory that are to be in it', async (rig) => {
    const bundle = await rig.bundle();
    mounting(bundle, tmpfs('/tmp', 'ro', 'nosuid'), tmpfs('/tmp/a/b', 'size=8k'));
    bundle.edit(({ process }) => Object.assign(process, { cwd: '/tmp/work' }));
    const script = 'pwd; touch /tmp/a/b/x && echo b; touch x 2>&1; touch /tmp/a/x 2>&1; true';
    expect((await printed(rig, bundle, script)).split('\n')).toEqual([
      '/tmp/work',
      'b',
      ...Array.from({ length: 2 }, () => expect.stringContaining('Read-only file system')),
      '',
    ]);
    expect((await mountsIn(rig, bundle)).get('/tmp')?.options).toContain('nosuid');
  });

  promise('and is /dev, still gets its devices', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ mounts }) => {
      mounts.find(({ destination }) => destination === '/dev')?.options?.push('ro');
    });
    const script = 'echo x >/dev/null && readlink /dev/stdin; touch /dev/x 2>&1; touch /dev/shm/x';
    expect(await printed(rig, bundle, script)).toMatch(
      /^\/proc\/self\/fd\/0\n.*Read-only file system\n$/,
    );
  });
});

bothWays('a mount that is there already', (promise) => {
  promise('bind,remount changes what is named and keeps the rest', async (rig) => {
    const change = { destination: '/tmp', options: ['bind', 'remount', 'ro', 'noexec'] };
    const bundle = mounting(await rig.bundle(), tmpfs('/tmp', 'nosuid', 'size=8k'), change);
    const mount = (await mountsIn(rig, bundle)).get('/tmp');
    expect(mount?.options.toSorted()).toEqual(['noexec', 'nosuid', 'relatime', 'ro']);
    expect(mount?.data).toEqual(expect.arrayContaining(['rw', 'size=8k']));
  });

  promise('remount changes its file system', async (rig) => {
    const change = { destination: '/tmp', options: ['remount', 'size=16k', 'ro'] };
    const bundle = mounting(await rig.bundle(), tmpfs('/tmp', 'size=8k'), change);
    expect((await mountsIn(rig, bundle)).get('/tmp')?.data).toEqual(
      expect.arrayContaining(['ro', 'size=16k']),
    );
  });

  promise('is needed for that, and the message says so', async (rig) => {
    for (const options of [['remount'], ['bind', 'remount', 'ro']]) {
      const bundle = mounting(await rig.bundle(), { destination: '/etc', options });
      const { status, stderr } = await rig.run(bundle);
      expect(status).toBe(1);
      expect(stderr).toMatch(/\/etc: .*EINVAL.*\/mounts\/\d+\]; remount changes only what/);
    }
  });
});

/** A directory in the rig with one file called after it. */
function layer(base: string, name: string): string {
  const path = join(base, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, `of-${name.replace(/\W/g, '')}`), '');
  return path;
}

const escaped = (path: string) => path.replaceAll(/[\\:,]/g, (c) => `\\${c}`);

bothWays('an overlay', (promise) => {
  for (const count of [2, 20, 100]) {
    promise(`of ${count} layers and a path with a colon and a comma`, async (rig) => {
      const base = rig.directory(`layers-${'x'.repeat(40)}`);
      const names = Array.from({ length: count - 2 }, (_, i) => `layer${i}`);
      const layers = [...names, 'a:b', 'c,d'].map((name) => escaped(layer(base, name)));
      const upper = rig.directory('upper');
      const work = rig.directory('work');
      const options = [`lowerdir=${layers.join(':')}`, `upperdir=${upper}`, `workdir=${work}`];
      const bundle = mounting(await rig.bundle(), {
        ...{ destination: '/tmp', type: 'overlay', source: 'overlay' },
        options: [...options, 'userxattr', 'nosuid'],
      });
      const output = await printed(
        rig,
        bundle,
        'ls /tmp | wc -l; ls /tmp/of-ab /tmp/of-cd; echo >/tmp/new',
      );
      expect(output).toBe(`${count}\n/tmp/of-ab\n/tmp/of-cd\n`);
      expect(existsSync(join(upper, 'new'))).toBe(true);
      expect((await mountsIn(rig, bundle)).get('/tmp')?.options).toContain('nosuid');
      await rig.execute(['rm', '-rf', join(work, 'work')]);
    });
  }
});

bothWays('the process ids of the host', (promise) => {
  promise('are in its own /proc, which a user namespace cannot mount anew', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux, mounts }) => {
      linux.namespaces = linux.namespaces.filter(({ type }) => type !== 'pid');
      const proc = mounts.find(({ type }) => type === 'proc');
      Object.assign(proc ?? {}, { options: ['nosuid', 'noexec', 'nodev'] });
    });
    const output = await printed(
      rig,
      bundle,
      'readlink /proc/self; grep " /proc proc" /proc/mounts',
    );
    expect(Number.parseInt(output, 10)).toBeGreaterThan(1);
    expect(output).toMatch(/nosuid,nodev,noexec/);
  });
});

asRoot('a mount label', (promise) => {
  promise.needs(!existsSync('/sys/fs/selinux/enforce'), 'SELinux is enabled here')(
    'is an error without SELinux, as nothing would be labelled',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ linux }) => Object.assign(linux, { mountLabel: 'system_u:object_r:t:s0' }));
      const { status, stderr } = await rig.run(bundle);
      expect(status).toBe(1);
      expect(stderr).toMatch(/SELinux is not enabled.*\/linux\/mountLabel/);
    },
  );
});
