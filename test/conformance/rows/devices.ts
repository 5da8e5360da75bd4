// config-linux.md#devices, #default-devices, #masked-paths, #readonly-paths, and config.md on links.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeenPath } from '../../rig/probe.js';
import { all, ofLinux, ofRoot } from '../changes.js';
import { asRoot, asUser, needs, row } from '../row.js';
import type { Subject } from '../subject.js';
import { listenTerminal } from '../terminal.js';

const defaults = {
  null: [1, 3],
  zero: [1, 5],
  full: [1, 7],
  random: [1, 8],
  urandom: [1, 9],
  tty: [5, 0],
} as const;

const links = {
  '/dev/fd': '/proc/self/fd',
  '/dev/stdin': '/proc/self/fd/0',
  '/dev/stdout': '/proc/self/fd/1',
  '/dev/stderr': '/proc/self/fd/2',
} as const;

const writable = ofRoot({ readonly: false });
const seLinux = existsSync('/sys/fs/selinux/enforce');

/** A null device. */
const nullDevice = { type: 'c', path: '/dev/null-too', major: 1, minor: 3 };

const only = (seen: Readonly<Record<string, SeenPath>>): SeenPath => {
  const [found] = Object.values(seen);
  if (found === undefined) throw new Error('the probe told nothing');
  return found;
};

export const deviceRows = [
  row('default devices', 'null zero full random urandom tty, ptmx, and console with a terminal', {
    ...Object.fromEntries(
      Object.entries(defaults).map(([name, [major, minor]]) => [
        name,
        async (subject: Subject) => {
          const path: `path:${string}` = `path:/dev/${name}`;
          const seen = only(await subject.sees([path]));
          deepEqual(
            [seen.type, seen.major, seen.minor, seen.mode],
            ['character', major, minor, 0o666],
          );
          // /dev/tty opens only with a controlling terminal.
          equal(seen.read, name === 'tty' ? 'ENXIO' : 'ok');
        },
      ]),
    ),
    'ptmx is that of the container’s devpts': async (subject) => {
      const sections = ['path:/dev/ptmx', 'path:/dev/pts/ptmx'] as const;
      const seen = await subject.sees(sections);
      ok(['pts/ptmx', '/dev/pts/ptmx'].includes(seen['path:/dev/ptmx'].target ?? ''));
      equal(seen['path:/dev/pts/ptmx'].read, 'ok');
    },
    'console is there with a terminal': async (subject) => {
      const seen = await listenTerminal(subject, ['path:/dev/console']);
      equal(seen['path:/dev/console'].type, 'character');
      equal(seen['path:/dev/console'].read, 'ok');
    },
  }),
  row('/dev/fd, stdin, stdout, stderr', 'links, if the source exists', {
    'lead to the descriptors': async (subject) => {
      const sections = Object.keys(links).map((path) => `path:${path}` as const);
      const seen = await subject.sees(sections);
      deepEqual(
        Object.keys(links).map((path) => seen[`path:${path}`]?.target),
        Object.values(links),
      );
    },
  }),
  row('linux.devices', 'c b u p with mode and owner; another file there is an error', {
    'a character device': asRoot(async (subject) => {
      const seen = await subject.sees(['path:/dev/null-too'], ofLinux({ devices: [nullDevice] }));
      const { type, major, minor, read } = seen['path:/dev/null-too'];
      deepEqual([type, major, minor, read], ['character', 1, 3, 'ok']);
    }),
    'the host’s own of the same path is bound': asUser(async (subject) => {
      const devices = [{ ...nullDevice, path: '/dev/null' }];
      const seen = await subject.sees(['path:/dev/null'], ofLinux({ devices }));
      const { type, major, minor, read } = seen['path:/dev/null'];
      deepEqual([type, major, minor, read], ['character', 1, 3, 'ok']);
    }),
    'type u is one too': asRoot(async (subject) => {
      const devices = [{ ...nullDevice, type: 'u' }];
      const seen = await subject.sees(['path:/dev/null-too'], ofLinux({ devices }));
      equal(seen['path:/dev/null-too'].type, 'character');
    }),
    'a block device': asRoot(async (subject) => {
      const devices = [{ type: 'b', path: '/dev/loop-too', major: 7, minor: 0 }];
      const seen = (await subject.sees(['path:/dev/loop-too'], ofLinux({ devices })))[
        'path:/dev/loop-too'
      ];
      deepEqual([seen.type, seen.major, seen.minor], ['block', 7, 0]);
    }),
    'a fifo': asRoot(async (subject) => {
      const devices = [{ type: 'p', path: '/dev/pipe' }];
      equal(
        (await subject.sees(['path:/dev/pipe'], ofLinux({ devices })))['path:/dev/pipe'].type,
        'fifo',
      );
    }),
    'mode, uid and gid': asRoot(async (subject) => {
      const devices = [{ ...nullDevice, fileMode: 0o640, uid: 12, gid: 34 }];
      const seen = (await subject.sees(['path:/dev/null-too'], ofLinux({ devices })))[
        'path:/dev/null-too'
      ];
      deepEqual([seen.mode, seen.uid, seen.gid], [0o640, 12, 34]);
    }),
    'anywhere in the root': asRoot(async (subject) => {
      const devices = [{ ...nullDevice, path: '/deep/below/null' }];
      const change = all(writable, ofLinux({ devices }));
      const seen = await subject.sees(['path:/deep/below/null'], change);
      equal(seen['path:/deep/below/null'].type, 'character');
    }),
    'another file there is an error': asRoot((subject) => {
      const devices = [{ ...nullDevice, path: '/etc/passwd' }];
      return subject.refuses(all(writable, ofLinux({ devices })));
    }),
    'a device that the host does not have cannot be bound': asUser((subject) =>
      subject.refuses(ofLinux({ devices: [{ ...nullDevice, path: '/dev/none', minor: 250 }] })),
    ),
    'an unknown type is an error': (subject) =>
      subject.refuses(ofLinux({ devices: [{ ...nullDevice, type: 'x' }] })),
  }),
  row('linux.maskedPaths', 'cannot be read', {
    'a file is empty, a directory has nothing, and neither can be written': async (subject) => {
      const bundle = subject.bundle(
        all(writable, ofLinux({ maskedPaths: ['/secret', '/data', '/absent'] })),
      );
      writeFileSync(join(bundle.rootfs, 'secret'), 'secret');
      mkdirSync(join(bundle.rootfs, 'data/below'), { recursive: true });
      bundle.give('rootfs');
      const seen = await subject.sees(['file:/secret', 'path:/data', 'path:/absent'], bundle);
      equal(seen['file:/secret'], '');
      deepEqual([seen['path:/data'].entries, seen['path:/data'].write], [[], 'EROFS']);
      equal(seen['path:/absent'].errno, 'ENOENT');
    },
    'those of the default configuration': async (subject) => {
      const seen = await subject.sees([
        'file:/proc/keys',
        'file:/proc/kcore',
        'path:/sys/firmware',
      ]);
      ok(
        [seen['file:/proc/keys'], seen['file:/proc/kcore']].every(
          (text) => text === '' || typeof text !== 'string',
        ),
      );
      ok((seen['path:/sys/firmware'].entries ?? []).length === 0);
    },
    'relative is an error': (subject) => subject.refuses(ofLinux({ maskedPaths: ['secret'] })),
  }),
  row('linux.readonlyPaths', 'cannot be written', {
    'a directory with all below it, and a file': async (subject) => {
      const bundle = subject.bundle(
        all(writable, ofLinux({ readonlyPaths: ['/kept', '/absent', '/etc/passwd'] })),
      );
      mkdirSync(join(bundle.rootfs, 'kept/below'), { recursive: true });
      bundle.give('rootfs/kept');
      const seen = await subject.sees(
        ['path:/kept', 'path:/kept/below', 'path:/etc/passwd', 'path:/tmp'],
        bundle,
      );
      deepEqual(
        [
          seen['path:/kept'].write,
          seen['path:/kept/below'].write,
          seen['path:/etc/passwd'].write,
          seen['path:/tmp'].write,
        ],
        ['EROFS', 'EROFS', 'EROFS', 'ok'],
      );
    },
    'those of the default configuration': async (subject) => {
      const seen = await subject.sees([
        'path:/proc/sys/kernel/hostname',
        'path:/proc/sysrq-trigger',
      ]);
      match(String(seen['path:/proc/sys/kernel/hostname'].write), /^(EROFS|EACCES)$/);
      match(String(seen['path:/proc/sysrq-trigger'].write ?? 'EROFS'), /^(EROFS|EACCES)$/);
    },
    'relative is an error': (subject) => subject.refuses(ofLinux({ readonlyPaths: ['kept'] })),
  }),
  row('linux.mountLabel', 'the context of the mounts', {
    'is that of each file system': needs(
      seLinux,
      'SELinux is not in this kernel',
      asRoot(async (subject) => {
        const mountLabel = 'system_u:object_r:container_file_t:s0:c1,c2';
        const { mounts } = await subject.sees(['mounts'], ofLinux({ mountLabel }));
        ok(
          mounts
            .find(({ target }) => target === '/dev/shm')
            ?.data.some((text) => text.includes(mountLabel)),
        );
      }),
    ),
  }),
];
