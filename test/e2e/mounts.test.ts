// The mounts of the default configuration, with their flags.

import { existsSync } from 'node:fs';
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

const v1 = existsSync('/sys/fs/cgroup/systemd/cgroup.procs');

bothWays('a mount below the cgroups', (promise) => {
  promise.needs(v1, 'no hierarchy of cgroup version 1 is mounted here')(
    'has its place, as podman wants it for systemd',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit((config) => {
        const options = ['rprivate', 'nosuid', 'noexec', 'nodev', 'relatime', 'ro'];
        const top = '/sys/fs/cgroup';
        const below = `${top}/systemd`;
        config.mounts = config.mounts.filter(({ destination }) => destination !== top);
        config.mounts.push(
          { destination: top, type: 'cgroup', source: 'cgroup', options },
          { destination: below, type: 'bind', source: below, options: ['bind', 'rprivate'] },
        );
        config.linux.maskedPaths?.push(`${below}/release_agent`);
      });
      const mounts = await mountsIn(rig, bundle);
      expect(mounts.get('/sys/fs/cgroup')).toMatchObject({
        ...{ type: 'tmpfs', options: expect.arrayContaining(['ro', ...closed]) },
      });
      expect(mounts.get('/sys/fs/cgroup/unified')).toMatchObject({
        ...{ type: 'cgroup2', options: expect.arrayContaining(['ro', ...closed]) },
      });
      expect(mounts.get('/sys/fs/cgroup/systemd')?.type).toBe('cgroup');
      const script = 'touch /sys/fs/cgroup/x 2>&1; mkdir /sys/fs/cgroup/unified/x 2>&1; true';
      expect(await printed(rig, bundle, script)).toMatch(/^(.*Read-only file system\n){2}$/);
    },
  );
});

asRoot('the default mounts', (promise) => {
  promise('in a user namespace belong to its root, /dev/mqueue too', async (rig) => {
    const bundle = await rig.bundle();
    const map = [{ containerID: 0, hostID: 100000, size: 65536 }];
    bundle.edit(({ linux }) => {
      linux.namespaces.push({ type: 'user' });
      Object.assign(linux, { uidMappings: map, gidMappings: map });
    });
    await rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
    const places = '/dev /dev/shm /dev/pts /dev/mqueue';
    const script = `stat -c %u:%g ${places}; touch /dev/mqueue/queue && ls /dev/mqueue`;
    expect(await printed(rig, bundle, script)).toBe(`${'0:0\n'.repeat(4)}queue\n`);
  });

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
