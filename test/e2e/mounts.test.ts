// The mounts of the default configuration, with their flags.

import { expect } from '@jest/globals';
import { mountsIn, printed } from '../rig/inside.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

const closed = ['nosuid', 'nodev', 'noexec'];

bothWays('the default mounts', (promise) => {
  promise('are there with their types and flags', async (rig) => {
    const mounts = await mountsIn(rig, await rig.bundle());
    const expected: [target: string, type: string, options: string[]][] = [
      ['/proc', 'proc', ['rw', 'relatime']],
      ['/dev', 'tmpfs', ['rw', 'nosuid']],
      ['/dev/pts', 'devpts', ['rw', 'nosuid', 'noexec', 'relatime']],
      ['/dev/shm', 'tmpfs', ['rw', ...closed, 'relatime']],
      ['/dev/mqueue', 'mqueue', ['rw', ...closed, 'relatime']],
      ['/sys', 'sysfs', ['ro', ...closed, 'relatime']],
    ];
    for (const [target, type, options] of expected) {
      expect({ target, type: mounts.get(target)?.type }).toEqual({ target, type });
      expect(mounts.get(target)?.options.toSorted()).toEqual(options.toSorted());
    }
  });

  promise('have their data: size, mode, ptmxmode', async (rig) => {
    const bundle = await rig.bundle();
    const mounts = await mountsIn(rig, bundle);
    expect(mounts.get('/dev')?.data).toEqual(expect.arrayContaining(['size=65536k', 'mode=755']));
    expect(mounts.get('/dev/shm')?.data).toContain('size=65536k');
    expect(mounts.get('/dev/pts')?.data).toEqual(
      expect.arrayContaining(['mode=620', 'ptmxmode=666']),
    );
    expect(await printed(rig, bundle, 'stat -c %a /dev /dev/shm')).toBe('755\n1777\n');
  });

  promise('are new: the container writes to them, the host sees nothing', async (rig) => {
    const bundle = await rig.bundle();
    const script = 'echo x >/dev/shm/file; ls /dev/shm /dev/mqueue; ls /dev/pts';
    expect(await printed(rig, bundle, script)).toBe('/dev/mqueue:\n\n/dev/shm:\nfile\nptmx\n');
  });

  promise('options of a file system that does not know them are an error', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ mounts }) =>
      mounts.push({ destination: '/tmp', type: 'tmpfs', source: 't', options: ['seize=1k'] }),
    );
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/mount tmpfs on \/tmp: .*seize.*\/mounts\/7/);
  });

  promise(
    'a tmpfs has the flags that were asked for, and a missing target is made',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ root, mounts }) => {
        root.readonly = false;
        const options = ['noatime', 'nosymfollow', 'ro', 'size=1m', 'nr_inodes=7', 'mode=711'];
        mounts.push({ destination: '/new/below', type: 'tmpfs', source: 'mine', options });
      });
      const mount = (await mountsIn(rig, bundle)).get('/new/below');
      expect(mount).toMatchObject({ type: 'tmpfs', source: 'mine' });
      expect(mount?.options).toEqual(expect.arrayContaining(['ro', 'noatime', 'nosymfollow']));
      expect(mount?.data).toEqual(
        expect.arrayContaining(['size=1024k', 'nr_inodes=7', 'mode=711']),
      );
    },
  );

  promise('come in the order listed', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ mounts }) => {
      for (const destination of ['/tmp', '/tmp/a', '/tmp/a/b']) {
        mounts.push({ destination, type: 'tmpfs', source: 'tmpfs' });
      }
    });
    expect(await printed(rig, bundle, 'grep " /tmp" /proc/self/mountinfo | cut -d" " -f5')).toBe(
      '/tmp\n/tmp/a\n/tmp/a/b\n',
    );
  });
});

asRoot('the default mounts', (promise) => {
  promise('cgroup: the container sees its own group as the top, read-only', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      if (!linux.namespaces.some(({ type }) => type === 'cgroup')) {
        linux.namespaces.push({ type: 'cgroup' });
      }
    });
    const script = 'cat /sys/fs/cgroup/cgroup.procs; mkdir /sys/fs/cgroup/x 2>/dev/null || echo ro';
    expect(await printed(rig, bundle, script)).toMatch(/^1\n\d+\nro\n$/);
    const mount = (await mountsIn(rig, bundle)).get('/sys/fs/cgroup');
    expect(mount).toMatchObject({ type: 'cgroup2', root: '/' });
    expect(mount?.options).toEqual(expect.arrayContaining(['ro', ...closed]));
  });

  promise('devpts: gid 5 is the owning group of terminals', async (rig) => {
    const mounts = await mountsIn(rig, await rig.bundle());
    expect(mounts.get('/dev/pts')?.data).toContain('gid=5');
  });
});

asUser('the default mounts', (promise) => {
  promise('/sys is the host’s, read-only', async (rig) => {
    const bundle = await rig.bundle();
    expect((await mountsIn(rig, bundle)).get('/sys')?.options).toContain('ro');
    expect(await printed(rig, bundle, 'ls /sys | grep kernel')).toBe('kernel\n');
  });
});
