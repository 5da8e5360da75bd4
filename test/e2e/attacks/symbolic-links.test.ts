// Symbolic links in an image, where the runtime makes, mounts or opens something: they stay inside.

import { chownSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle, BundleConfig } from '../../rig/bundle.js';
import { refusal } from '../../rig/refusal.js';
import type { Rig } from '../../rig/rig.js';
import { onAnyKernel } from '../../rig/ways.js';

/** A directory of the host that must stay empty. */
interface Outside {
  readonly path: string;
  /** The links that lead there, or to a name in it, from a directory of the root. */
  links(name?: string): string[];
}

function outside(rig: Rig, bundle: Bundle): Outside {
  const path = rig.directory('outside', 0o777);
  const up = bundle.rootfs
    .split('/')
    .map(() => '..')
    .join('/');
  return { path, links: (name = '') => [join(path, name), join(up, path, name)] };
}

/** Puts a link of the rig's user in the place of what is in the root. */
function link(rig: Rig, bundle: Bundle, name: string, target: string): void {
  const path = join(bundle.rootfs, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
  chownSync(dirname(path), rig.identity.uid, rig.identity.gid);
}

/** Runs the bundle; whatever comes of it, nothing is made outside and nothing is left. */
async function contained(rig: Rig, bundle: Bundle, there: Outside): Promise<string> {
  const ran = await rig.run(bundle);
  expect(ran.stderr).not.toContain('internal error');
  expect(readdirSync(there.path)).toEqual([]);
  expect(rig.leftovers()).toEqual([]);
  return `${ran.status} ${ran.stdout}`;
}

const without = (config: BundleConfig, ...destinations: string[]) => {
  config.mounts = config.mounts.filter(({ destination }) => !destinations.includes(destination));
};

onAnyKernel(
  'CVE-2019-19921, CVE-2023-27561, CVE-2023-28642, CVE-2025-54867: /proc or /sys is a link',
  (promise) => {
    promise('a proc is mounted on a directory only', async (rig) => {
      const bundle = await rig.bundle();
      const there = outside(rig, bundle);
      for (const target of [...there.links(), '/tmp', 'tmp', '/dev/shm']) {
        link(rig, bundle, 'proc', target);
        const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
        expect(line).toMatch(
          /^mount proc on \/proc: openat2: .* \(ELOOP\) \[config\.json \/mounts\/0\]; no part of the target may be a symbolic link$/,
        );
        expect(readdirSync(there.path)).toEqual([]);
      }
    });

    promise('a sysfs or a bind mount on /sys does not leave the root', async (rig) => {
      const bundle = await rig.bundle();
      const there = outside(rig, bundle);
      for (const target of [...there.links(), '/tmp']) {
        link(rig, bundle, 'sys', target);
        await contained(rig, bundle, there);
      }
    });
  },
);

onAnyKernel('CVE-2019-16884: a volume over /proc', (promise) => {
  const destinations = [
    '/proc',
    '/proc/self',
    '/proc/sys',
    '/proc/self/attr',
    '//proc/./bus/..//sys',
  ];
  promise('takes the place of nothing that is the kernel’s', async (rig) => {
    const volume = join(rig.directory('volume'), 'x');
    mkdirSync(volume);
    for (const destination of destinations) {
      for (const type of ['none', 'tmpfs']) {
        const bundle = await rig.bundle();
        bundle.edit(({ mounts }) => {
          const options = type === 'none' ? ['rbind'] : [];
          mounts.push({ destination, type, source: type === 'none' ? volume : 'tmpfs', options });
        });
        const at = bundle.config.mounts.length - 1;
        const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
        expect(line).toContain(`[config.json /mounts/${at}`);
        expect(line).toMatch(/(in|on) \/proc/);
      }
    }
  });

  promise('by way of a link of the image takes no such place either', async (rig) => {
    const bundle = await rig.bundle();
    link(rig, bundle, 'volume', '/proc/sys');
    link(rig, bundle, 'other', 'proc');
    const folder = rig.directory('folder');
    for (const destination of ['/volume', '/other', '/other/self/attr', '/proc/../other']) {
      for (const mount of [
        { type: 'tmpfs', source: 'x' },
        { type: 'tmpfs', source: 'x', options: ['iversion'] },
        { type: 'none', source: folder, options: ['rbind'] },
        { type: 'none', source: folder, options: ['rbind', 'src-nofollow'] },
      ]) {
        bundle.edit((config) => {
          config.mounts = [...config.mounts.slice(0, 7), { destination, ...mount }];
        });
        expect(await refusal(rig, ['run', '-b', bundle.path, rig.newId()])).toMatch(/in \/proc/);
      }
    }
  });

  promise('may give the files that describe the machine, as lxcfs does', async (rig) => {
    const bundle = await rig.bundle();
    const file = join(rig.directory('volume'), 'uptime');
    writeFileSync(file, '1.00 1.00\n');
    bundle.runs('cat /proc/uptime').edit(({ mounts }) => {
      mounts.push({ destination: '/proc/uptime', type: 'none', source: file, options: ['bind'] });
    });
    expect((await rig.run(bundle)).stdout).toBe('1.00 1.00\n');
  });
});

onAnyKernel('CVE-2015-3629, CVE-2019-18837: a mount point is a link', (promise) => {
  promise('the last component leads nowhere else', async (rig) => {
    const bundle = await rig.bundle();
    const there = outside(rig, bundle);
    const source = join(rig.directory('volume'), 'file');
    writeFileSync(source, '');
    const sourceLink = join(dirname(source), 'link');
    symlinkSync('file', sourceLink);
    for (const target of there.links('made')) {
      link(rig, bundle, 'etc/evil', target);
      for (const mount of [
        { type: 'none', source, options: ['bind'] },
        { type: 'none', source: dirname(source), options: ['rbind'] },
        { type: 'tmpfs', source: 'tmpfs' },
        { type: 'tmpfs', source: 'tmpfs', options: ['iversion'] },
        { type: 'tmpfs', source: 'tmpfs', options: ['tmpcopyup'] },
        { type: 'tmpfs', source: 'tmpfs', options: ['remount', 'ro'] },
        { type: 'none', options: ['bind', 'remount', 'ro'] },
        { type: 'none', source, options: ['bind', 'copy-symlink', 'dest-nofollow'] },
        { type: 'none', source: sourceLink, options: ['bind', 'copy-symlink'] },
      ]) {
        bundle.edit((config) => {
          config.mounts = [...config.mounts.slice(0, 7), { destination: '/etc/evil', ...mount }];
        });
        await contained(rig, bundle, there);
      }
    }
  });

  promise('nor does one on the way', async (rig) => {
    const bundle = await rig.bundle();
    const there = outside(rig, bundle);
    for (const target of there.links()) {
      link(rig, bundle, 'etc/evil', target);
      bundle.edit((config) => {
        const destination = '/etc/evil/a/b/c';
        config.mounts = [...config.mounts.slice(0, 7), { destination, type: 'tmpfs', source: 'x' }];
        config.process.cwd = '/etc/evil/cwd';
      });
      await contained(rig, bundle, there);
    }
  });
});

onAnyKernel('CVE-2026-41579, CVE-2026-47766: /dev is a link', (promise) => {
  promise('no device, link or directory is made on the host', async (rig) => {
    for (const mounted of [true, false]) {
      const bundle = await rig.bundle();
      const there = outside(rig, bundle);
      for (const target of there.links()) {
        link(rig, bundle, 'dev', target);
        bundle.edit((config) => {
          Object.assign(config.root, { readonly: false });
          if (!mounted) without(config, '/dev', '/dev/pts', '/dev/shm', '/dev/mqueue');
        });
        await contained(rig, bundle, there);
      }
      // Not in a volume either: that is the host's, too.
      const volume = rig.directory(`volume-${mounted}`);
      link(rig, bundle, 'dev', '/volume');
      bundle.edit(({ mounts }) => {
        const options = ['rbind'];
        mounts.unshift({ destination: '/volume', type: 'none', source: volume, options });
      });
      expect(await refusal(rig, ['run', '-b', bundle.path, rig.newId()])).toMatch(/ELOOP/);
      expect(readdirSync(volume)).toEqual([]);
      rmSync(there.path, { recursive: true });
    }
  });

  promise('nor with the parts of /dev as links', async (rig) => {
    const bundle = await rig.bundle();
    const there = outside(rig, bundle);
    bundle.edit((config) => {
      without(config, '/dev');
      Object.assign(config.root, { readonly: false });
    });
    for (const name of ['null', 'pts', 'shm', 'mqueue', 'ptmx', 'fd', 'tty', 'core']) {
      for (const target of [...there.links(), ...there.links('made')]) {
        rmSync(join(bundle.rootfs, 'dev'), { recursive: true });
        link(rig, bundle, `dev/${name}`, target);
        await contained(rig, bundle, there);
      }
    }
  });
});

onAnyKernel(
  'CVE-2026-88264, CVE-2025-52565, CVE-2015-3627: /dev/console or /dev/pts is a link',
  (promise) => {
    promise(
      'no file is made on the host, and no terminal is put over another file',
      async (rig) => {
        const bundle = await rig.bundle();
        const there = outside(rig, bundle);
        bundle.runs('cat /etc/passwd').edit((config) => {
          without(config, '/dev');
          Object.assign(config.process, { terminal: true });
          Object.assign(config.root, { readonly: false });
        });
        for (const target of [
          ...there.links('made'),
          '/etc/passwd',
          '/proc/sysrq-trigger',
          'pts/0',
        ]) {
          rmSync(join(bundle.rootfs, 'dev'), { recursive: true });
          link(rig, bundle, 'dev/console', target);
          const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
          expect(line).toMatch(
            /\/dev\/console: openat2: .*\(ELOOP\) \[config\.json \/process\/terminal\]/,
          );
          expect(readdirSync(there.path)).toEqual([]);
        }
        for (const target of [...there.links(), '/tmp']) {
          rmSync(join(bundle.rootfs, 'dev'), { recursive: true });
          link(rig, bundle, 'dev/pts', target);
          expect(await contained(rig, bundle, there)).toMatch(/^1 /);
        }
        // There the devpts was mounted, and is not found by way of the link.
        const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
        expect(line).toMatch(/\/dev\/pts\/ptmx: openat2: .*\(ELOOP\)/);
      },
    );
  },
);
