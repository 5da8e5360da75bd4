// config.md#mounts: where, from what, in which order.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  all,
  ofConfig,
  ofLinux,
  ofRoot,
  withMount,
  withNamespace,
  withoutNamespace,
} from '../changes.js';
import { at, bind, tmpfs } from '../mounts.js';
import { asRoot, asUser, row } from '../row.js';
import type { Subject } from '../subject.js';

const writable = ofRoot({ readonly: false });

export const mountRows = [
  row('mounts', 'in the listed order; targets are made', {
    'what comes later lies on top': async (subject) => {
      const change = all(tmpfs('/mnt', ['size=1m']), tmpfs('/mnt', ['size=2m']));
      equal(at(await subject.sees(['mounts'], change), '/mnt').data.includes('size=2048k'), true);
    },
    'a target below an earlier mount is made in it': async (subject) => {
      const change = all(tmpfs('/mnt'), tmpfs('/mnt/deep/below'));
      const seen = await subject.sees(['mounts', 'path:/mnt'], change);
      at(seen, '/mnt/deep/below');
      deepEqual(seen['path:/mnt'].entries, ['deep']);
    },
    'a file is the target of a file': async (subject) => {
      const change = all(writable, bind('/new/file', subject.file('shared', 'text')));
      const seen = await subject.sees(['path:/new/file', 'file:/new/file'], change);
      deepEqual([seen['path:/new/file'].type, seen['file:/new/file']], ['file', 'text']);
    },
    'a relative source is below the bundle': async (subject) => {
      const bundle = subject.bundle(bind('/mnt', 'data'));
      mkdirSync(join(bundle.path, 'data'));
      writeFileSync(join(bundle.path, 'data/file'), 'of the bundle');
      const seen = await subject.sees(['file:/mnt/file'], bundle, { cwd: '/' });
      equal(seen['file:/mnt/file'], 'of the bundle');
    },
    'a source that does not exist is an error': (subject) =>
      subject.refuses(bind('/mnt', '/nowhere/at/all')),
    'a relative target counts from the root, or is an error': async (subject) => {
      const bundle = subject.bundle(tmpfs('mnt'));
      if ((await subject.run(bundle)).status === 0) {
        at(await subject.sees(['mounts'], bundle), '/mnt');
      }
    },
    'a target that leads out of the root by .. or links stays inside': async (subject) => {
      const bundle = subject.bundle(all(writable, tmpfs('/mnt/../../../out/../out')));
      symlinkSync('/../../../../elsewhere', join(bundle.rootfs, 'out'));
      const ran = await subject.run(bundle);
      if (ran.status !== 0) return;
      const { mounts } = await subject.sees(['mounts'], bundle);
      ok(mounts.some(({ target }) => target === '/elsewhere' || target === '/out'));
    },
  }),
  row('bind', 'decided by the options `bind` and `rbind`, not by the type', {
    'of type none with an option': async (subject) => {
      const mount = { destination: '/mnt', type: 'none', source: '/etc', options: ['bind', 'ro'] };
      match(
        String((await subject.sees(['file:/mnt/passwd'], withMount(mount)))['file:/mnt/passwd']),
        /^root:/,
      );
    },
    'without a type': async (subject) => {
      const mount = { destination: '/mnt', source: '/etc', options: ['rbind', 'ro'] };
      match(
        String((await subject.sees(['file:/mnt/passwd'], withMount(mount)))['file:/mnt/passwd']),
        /^root:/,
      );
    },
    'rbind takes what is mounted below, bind does not': async (subject) => {
      const seen = await subject.sees(['mounts'], bind('/mnt', '/dev', ['rbind']));
      at(seen, '/mnt/pts');
      if (!subject.isRoot) return;
      const alone = await subject.sees(['mounts'], bind('/mnt', '/dev', ['bind']));
      ok(!alone.mounts.some(({ target }) => target === '/mnt/pts'));
    },
  }),
  row('options of the file system', 'what is no known option goes to it (SHOULD)', {
    'are passed on': async (subject) => {
      const { data } = at(
        await subject.sees(['mounts'], tmpfs('/mnt', ['size=1m', 'nr_inodes=7', 'mode=711'])),
        '/mnt',
      );
      deepEqual(data.filter((text) => /^(size|nr_inodes|mode)=/.test(text)).sort(), [
        'mode=711',
        'nr_inodes=7',
        'size=1024k',
      ]);
    },
    'that it does not know are an error': (subject) => subject.refuses(tmpfs('/mnt', ['seize=1m'])),
    'an overlay with many layers': asRoot(async (subject) => {
      const layers = Array.from({ length: 20 }, (_, i) =>
        subject.rig.directory(`a-layer-with-quite-a-long-name-${i}`),
      );
      writeFileSync(join(layers.at(-1) ?? '', 'lowest'), 'text');
      const options = [`lowerdir=${layers.join(':')}`, 'ro'];
      const mount = { destination: '/mnt', type: 'overlay', source: 'overlay', options };
      equal(
        (await subject.sees(['file:/mnt/lowest'], withMount(mount)))['file:/mnt/lowest'],
        'text',
      );
    }),
  }),
  row('tmpcopyup', 'MAY: the tmpfs begins with what is below it', {
    'files with their modes, links and directories': async (subject) => {
      const bundle = subject.bundle(tmpfs('/data', ['tmpcopyup', 'nosuid']));
      const data = join(bundle.rootfs, 'data');
      mkdirSync(join(data, 'deep'), { recursive: true });
      writeFileSync(join(data, 'deep/file'), 'text');
      chmodSync(join(data, 'deep/file'), 0o640);
      symlinkSync('deep/file', join(data, 'link'));
      bundle.give('rootfs/data');
      const sections = [
        'path:/data/deep/file',
        'path:/data/link',
        'file:/data/link',
        'mounts',
      ] as const;
      const seen = await subject.sees(sections, bundle);
      equal(at(seen, '/data').type, 'tmpfs');
      equal(seen['path:/data/deep/file'].mode, 0o640);
      deepEqual([seen['path:/data/link'].target, seen['file:/data/link']], ['deep/file', 'text']);
      equal(lstatSync(join(data, 'deep/file')).size, 4);
    },
  }),
  row('mount uidMappings, gidMappings', 'both together; an error without id maps', {
    'ids on the file system are those in the container': asRoot(async (subject) => {
      const { change, folder } = mapped(subject);
      const maps = [{ containerID: 0, hostID: 100000, size: 65536 }];
      const mount = bind('/mnt', folder, ['rbind'], { uidMappings: maps, gidMappings: maps });
      const bundle = subject.bundle(all(change, mount));
      await subject.rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
      const { uid, gid } = (await subject.sees(['path:/mnt/file'], bundle))['path:/mnt/file'];
      deepEqual([uid, gid], [0, 0]);
    }),
    'idmap alone takes the container’s maps': asRoot(async (subject) => {
      const { change, folder } = mapped(subject);
      const bundle = subject.bundle(all(change, bind('/mnt', folder, ['rbind', 'idmap'])));
      await subject.rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
      equal((await subject.sees(['path:/mnt/file'], bundle))['path:/mnt/file'].uid, 0);
    }),
    'one of the two is an error': asRoot((subject) => {
      const { change, folder } = mapped(subject);
      const uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
      return subject.refuses(all(change, bind('/mnt', folder, ['rbind'], { uidMappings })));
    }),
    'idmap without a user namespace and without maps is an error': asRoot((subject) =>
      subject.refuses(bind('/mnt', '/etc', ['rbind', 'idmap'])),
    ),
    'an ordinary user, who may not, gets an error': asUser((subject) => {
      const maps = [{ containerID: 0, hostID: subject.identity.uid, size: 1 }];
      const more = { uidMappings: maps, gidMappings: maps };
      return subject.refuses(bind('/mnt', subject.rig.directory('own'), ['rbind'], more));
    }),
  }),
  row('copy-symlink, src-nofollow', 'extensions of crun', {
    'copy-symlink makes the link anew': async (subject) => {
      const link = join(subject.rig.dir, 'link');
      symlinkSync('/etc/passwd', link);
      const seen = await subject.sees(
        ['path:/new'],
        all(writable, bind('/new', link, ['bind', 'copy-symlink'])),
      );
      equal(seen['path:/new'].target, '/etc/passwd');
    },
    'src-nofollow binds the link itself': async (subject) => {
      const link = join(subject.rig.dir, 'link');
      symlinkSync('/etc/passwd', link);
      const seen = await subject.sees(
        ['path:/new'],
        all(writable, bind('/new', link, ['bind', 'src-nofollow'])),
      );
      equal(seen['path:/new'].type, 'link');
    },
  }),
  row('type cgroup', 'version 2, with and without a cgroup namespace', {
    'with one shows the container’s own as the root': async (subject) => {
      const change = withNamespace('cgroup');
      const seen = await subject.sees(['mounts', 'cgroup'], change);
      equal(at(seen, '/sys/fs/cgroup').type, 'cgroup2');
      ok(seen.cgroup.includes('0::/'));
    },
    'without one shows the container’s own': asRoot(async (subject) => {
      const seen = await subject.sees(['mounts'], withoutNamespace('cgroup'));
      equal(at(seen, '/sys/fs/cgroup').type, 'cgroup2');
    }),
    'without one is read-only for an ordinary user (CVE-2023-25809)': asUser(async (subject) => {
      const change = all(withoutNamespace('cgroup'), ({ mounts }) => {
        const mount = mounts.find(({ type }) => type === 'cgroup');
        if (mount) mount.options = ['nosuid', 'rw'];
      });
      const { mounts } = await subject.sees(['mounts'], change);
      const found = mounts.filter(({ target }) => target === '/sys/fs/cgroup').at(-1);
      ok(found?.type !== 'cgroup2' || found.options.includes('ro'));
    }),
  }),
  row('sysfs', 'bound from the host without a network namespace of its own', {
    'in a user namespace': asRoot(async (subject) => {
      const maps = [{ containerID: 0, hostID: 100000, size: 65536 }];
      const ids = ofLinux({ uidMappings: maps, gidMappings: maps });
      const change = all(withNamespace('user'), ids, withoutNamespace('network'));
      const bundle = subject.bundle(change);
      await subject.rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
      equal(at(await subject.sees(['mounts'], bundle), '/sys').type, 'sysfs');
    }),
  }),
  row('locked flags', 'kept when a bind mount is changed in a user namespace', {
    'nosuid and noexec of the source stay': async (subject) => {
      const { options } = at(
        await subject.sees(['mounts'], bind('/mnt', '/dev/pts', ['bind', 'ro'])),
        '/mnt',
      );
      ok(options.includes('ro'));
      if (subject.isRoot) return;
      const source = (
        await subject.rig.execute(['/bin/sh', '-c', 'grep " /dev/pts " /proc/self/mountinfo'])
      ).stdout;
      for (const flag of ['nosuid', 'noexec', 'nodev']) {
        if (source.split(' ')[5]?.split(',').includes(flag)) ok(options.includes(flag), flag);
      }
    },
  }),
  row('/proc, /sys', 'their targets must be real directories (CVE-2019-19921)', {
    'a symbolic link is an error': async (subject) => {
      const bundle = subject.bundle();
      await subject.rig.execute(['rmdir', join(bundle.rootfs, 'proc')]);
      symlinkSync('/tmp', join(bundle.rootfs, 'proc'));
      await subject.refuses(bundle);
    },
    'a bind mount over a part of /proc is an error (CVE-2019-16884)': (subject) =>
      subject.refuses(bind('/proc/self/attr', subject.rig.directory('attr'))),
  }),
  row('without mounts', 'nothing but the root', {
    'only the root and what masking adds': async (subject) => {
      const { mounts } = await subject.sees(
        ['mounts'],
        all(
          ofConfig({ mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }] }),
          ofLinux({ maskedPaths: [], readonlyPaths: [] }),
        ),
      );
      deepEqual(
        [...new Set(mounts.map(({ target }) => target))]
          .filter((target) => !target.startsWith('/dev'))
          .sort(),
        ['/', '/proc'],
      );
    },
  }),
];

/** A user namespace with the ids from 100000, and a folder with a file of root’s. */
function mapped(subject: Subject) {
  const maps = [{ containerID: 0, hostID: 100000, size: 65536 }];
  const ids = ofLinux({ uidMappings: maps, gidMappings: maps });
  const folder = subject.rig.directory('mapped');
  writeFileSync(join(folder, 'file'), 'text');
  return { change: all(withNamespace('user'), ids), folder };
}
