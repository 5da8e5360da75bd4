// config.md#linux-mount-options, option by option.

import { deepEqual, equal, ok } from 'node:assert/strict';
import { ofLinux } from '../changes.js';
import { at, bind, tmpfs } from '../mounts.js';
import { asRoot, bothWays, type Check, row } from '../row.js';
import type { Subject } from '../subject.js';

/** Options of the mount on /mnt, a new tmpfs. */
async function flagsOf(subject: Subject, options: readonly string[]): Promise<readonly string[]> {
  return at(await subject.sees(['mounts'], tmpfs('/mnt', options)), '/mnt').options;
}

/** `on` sets a flag that mountinfo shows as `shown`, `off` takes it back. */
function pair(on: string, off: string, shown = on): [string, Check] {
  return [
    `${on}, ${off}`,
    async (subject) => {
      ok((await flagsOf(subject, [on])).includes(shown), on);
      ok(!(await flagsOf(subject, [off])).includes(shown), off);
    },
  ];
}

/** The same for the whole file system. */
function superblock(on: string, off: string): [string, Check] {
  return [
    `${on}, ${off}`,
    async (subject) => {
      const data = async (option: string) =>
        at(await subject.sees(['mounts'], tmpfs('/mnt', [option])), '/mnt').data;
      ok((await data(on)).includes(on), on);
      ok(!(await data(off)).includes(on), off);
    },
  ];
}

/** Options that no one can see the effect of must be taken at least. */
function taken(...options: string[]): [string, Check] {
  return [
    options.join(', '),
    async (subject) => {
      for (const option of options) await subject.takes(tmpfs('/mnt', [option]));
    },
  ];
}

/** A recursive option reaches what is mounted below /dev of the host. */
function sets(option: string, shown: string): [string, Check] {
  return [
    option,
    async (subject) => {
      const seen = await subject.sees(['mounts'], bind('/mnt', '/dev', ['rbind', option]));
      ok(at(seen, '/mnt').options.includes(shown), 'the mount itself');
      ok(at(seen, '/mnt/pts').options.includes(shown), 'a mount below');
    },
  ];
}

/** One that takes a flag back from mounts below: only root may. */
function clears(option: string, inner: string) {
  return [
    option,
    asRoot(async (subject) => {
      const { rig } = subject;
      // In a mount namespace of its own, which goes with the command.
      const folder = rig.directory('tree');
      const script =
        `mount -t tmpfs ${rig.token} ${folder} && mkdir ${folder}/below && ` +
        `mount -t tmpfs -o ${inner} ${rig.token} ${folder}/below && exec "$@"`;
      const under = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
      const change = bind('/mnt', folder, ['rbind', option]);
      const { options } = at(await subject.sees(['mounts'], change, { under }), '/mnt/below');
      ok(!options.includes(inner), `${options}`);
    }),
  ] as const;
}

const kinds = (propagation: readonly string[]) =>
  propagation.map((text) => text.replace(/:\d+$/, ''));

/** The propagation of a tmpfs with one of the eight words. */
function spreads(option: string, expected: readonly string[]): [string, Check] {
  return [
    option,
    async (subject) => {
      const seen = await subject.sees(['mounts'], tmpfs('/mnt', [option]));
      deepEqual(kinds(at(seen, '/mnt').propagation), expected);
    },
  ];
}

export const mountOptionRows = [
  row('basic flags', 'MUST', {
    ...Object.fromEntries([
      pair('ro', 'rw'),
      pair('nosuid', 'suid'),
      pair('nodev', 'dev'),
      pair('noexec', 'exec'),
      pair('noatime', 'atime'),
      pair('nodiratime', 'diratime'),
      taken('relatime', 'norelatime', 'strictatime', 'nostrictatime', 'defaults'),
    ]),
    strictatime: async (subject) => {
      const flags = await flagsOf(subject, ['strictatime']);
      ok(!flags.includes('relatime') && !flags.includes('noatime'));
    },
    'ro is so: EROFS': async (subject) => {
      equal((await subject.sees(['path:/mnt'], tmpfs('/mnt', ['ro'])))['path:/mnt'].write, 'EROFS');
    },
    'noexec is so': async (subject) => {
      const change = bind('/mnt', '/usr/bin', ['bind', 'noexec']);
      deepEqual((await subject.sees(['run:/mnt/busybox'], change))['run:/mnt/busybox'], {
        result: 126,
      });
    },
    'nodev is so': bothWays(async (subject) => {
      const change = bind('/mnt', '/dev', ['rbind', 'nodev', 'rnodev']);
      equal((await subject.sees(['path:/mnt/null'], change))['path:/mnt/null'].read, 'EACCES');
    }),
    'of two that contradict each other the last counts, as for mount(8)': async (subject) => {
      ok(!(await flagsOf(subject, ['nosuid', 'suid'])).includes('nosuid'));
      ok((await flagsOf(subject, ['rw', 'ro'])).includes('ro'));
    },
    'on a bind mount too': async (subject) => {
      const change = bind('/mnt', subject.rig.directory('own'), ['bind', 'ro', 'nosuid', 'noexec']);
      const { options } = at(await subject.sees(['mounts'], change), '/mnt');
      for (const flag of ['ro', 'nosuid', 'noexec']) ok(options.includes(flag), flag);
    },
  }),
  row('sync, dirsync, mand', 'MUST: of the file system', {
    ...Object.fromEntries([superblock('sync', 'async'), taken('dirsync'), taken('mand', 'nomand')]),
  }),
  row('iversion, lazytime, silent', 'MUST', {
    ...Object.fromEntries([
      superblock('lazytime', 'nolazytime'),
      taken('silent', 'loud'),
      taken('iversion', 'noiversion'),
    ]),
  }),
  row('symfollow, nosymfollow', 'SHOULD', Object.fromEntries([pair('nosymfollow', 'symfollow')])),
  row('propagation', 'eight words', {
    ...Object.fromEntries([
      spreads('shared', ['shared']),
      spreads('rshared', ['shared']),
      spreads('private', []),
      spreads('rprivate', []),
      spreads('slave', []),
      spreads('rslave', []),
      spreads('unbindable', ['unbindable']),
      spreads('runbindable', ['unbindable']),
    ]),
    'a slave receives from the host, and is one': asRoot(async (subject) => {
      const { rig } = subject;
      const folder = rig.directory('tree');
      const script = `mount -t tmpfs ${rig.token} ${folder} && mount --make-shared ${folder} && exec "$@"`;
      const under = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
      const change = bind('/mnt', folder, ['rbind', 'rslave']);
      const seen = await subject.sees(['mounts'], change, { under });
      deepEqual(kinds(at(seen, '/mnt').propagation), ['master']);
    }),
  }),
  row('linux.rootfsPropagation', 'shared, slave, private, unbindable', {
    ...Object.fromEntries(
      (
        [
          ['shared', ['shared']],
          ['rshared', ['shared']],
          ['private', []],
          ['rprivate', []],
          ['unbindable', ['unbindable']],
        ] as const
      ).map(([rootfsPropagation, expected]) => [
        rootfsPropagation,
        async (subject: Subject) => {
          const seen = await subject.sees(['mounts'], ofLinux({ rootfsPropagation }));
          deepEqual(kinds(at(seen, '/').propagation), expected);
        },
      ]),
    ),
    'slave and rslave are taken': async (subject) => {
      for (const rootfsPropagation of ['slave', 'rslave']) {
        await subject.takes(ofLinux({ rootfsPropagation }));
      }
    },
  }),
  row('recursive options', 'MUST where mount_setattr(2) is: r in front reaches all below', {
    ...Object.fromEntries([
      sets('rro', 'ro'),
      sets('rnosuid', 'nosuid'),
      sets('rnodev', 'nodev'),
      sets('rnoexec', 'noexec'),
    ]),
    ...Object.fromEntries(
      [sets('rnoatime', 'noatime'), sets('rnodiratime', 'nodiratime')].map(([name, check]) => [
        name,
        asRoot(check),
      ]),
    ),
    ...Object.fromEntries([
      clears('rrw', 'ro'),
      clears('rsuid', 'nosuid'),
      clears('rdev', 'nodev'),
      clears('rexec', 'noexec'),
      clears('ratime', 'noatime'),
      clears('rdiratime', 'nodiratime'),
      clears('rrelatime', 'noatime'),
      clears('rstrictatime', 'relatime'),
    ]),
  }),
  row('rsymfollow, rnosymfollow', 'recursive; Linux 5.14', {
    ...Object.fromEntries([sets('rnosymfollow', 'nosymfollow')]),
    ...Object.fromEntries([clears('rsymfollow', 'nosymfollow')]),
  }),
];
