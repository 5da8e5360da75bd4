// What hides or protects a path cannot be replaced by the image.

import {
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle, BundleConfig } from '../../rig/bundle.js';
import { cgroup2Controllers } from '../../rig/cgroup2.js';
import { mountsIn, printed } from '../../rig/inside.js';
import { refusal } from '../../rig/refusal.js';
import type { Rig } from '../../rig/rig.js';
import { asRoot, asUser, onAnyKernel } from '../../rig/ways.js';

const without = (config: BundleConfig, ...destinations: string[]) => {
  config.mounts = config.mounts.filter(({ destination }) => !destinations.includes(destination));
};

/** A file of the host that must stay as it is. */
function bystander(rig: Rig): { path: string; check(): void } {
  const path = join(rig.directory('bystander'), 'file');
  writeFileSync(path, 'as it was\n', { mode: 0o640 });
  const before = lstatSync(path);
  const check = () => {
    const { uid, gid, mode, size } = lstatSync(path);
    expect({ uid, gid, mode, size }).toEqual({
      ...{ uid: before.uid, gid: before.gid, mode: before.mode, size: before.size },
    });
    expect(readFileSync(path, 'utf8')).toBe('as it was\n');
  };
  return { path, check };
}

/** The image's own /dev, with a link in the place of /dev/null. */
function ownDev(bundle: Bundle, target: string): void {
  const dev = join(bundle.rootfs, 'dev');
  rmSync(dev, { recursive: true });
  mkdirSync(dev);
  symlinkSync(target, join(dev, 'null'));
}

onAnyKernel('CVE-2025-31133, CVE-2025-62161: /dev/null of the image is a link', (promise) => {
  promise('it is refused where the device should be', async (rig) => {
    const bundle = await rig.bundle();
    const file = bystander(rig);
    bundle.edit((config) => {
      without(config, '/dev');
      Object.assign(config.root, { readonly: false });
    });
    for (const target of ['/etc/passwd', '/proc/sysrq-trigger', file.path]) {
      ownDev(bundle, target);
      execChown(rig, join(bundle.rootfs, 'dev'));
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toMatch(/\/dev\/null: .*(EEXIST|ELOOP)/);
      file.check();
    }
  });

  promise('masked files are the real null device, whatever /dev is', async (rig) => {
    const bundle = await rig.bundle();
    writeFileSync(join(bundle.rootfs, 'etc/secret'), 'secret\n');
    const dev = rig.directory('dev');
    symlinkSync('/etc/secret', join(dev, 'null'));
    bundle.edit((config) => {
      without(config, '/dev', '/dev/pts', '/dev/shm', '/dev/mqueue');
      config.mounts.push({ destination: '/dev', type: 'none', source: dev, options: ['rbind'] });
      config.linux.maskedPaths = ['/proc/uptime', '/proc/version', '/etc/passwd'];
    });
    const script =
      'for f in /proc/uptime /proc/version /etc/passwd; do stat -c "%F %t:%T" $f; cat $f; done';
    expect(await printed(rig, bundle, script)).toBe('character special file 1:3\n'.repeat(3));
  });

  promise('masked directories are empty and cannot be written to', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      Object.assign(config.root, { readonly: false });
      config.linux.maskedPaths = ['/proc/bus', '/etc', '/sys/firmware'];
    });
    const script =
      'for d in /proc/bus /etc /sys/firmware; do ls -A $d; touch $d/x 2>/dev/null && echo made $d; done; true';
    expect(await printed(rig, bundle, script)).toBe('');
  });
});

/** Gives a tree to the rig's user. */
function execChown(rig: Rig, path: string): void {
  chownSync(path, rig.identity.uid, rig.identity.gid);
}

asRoot('CVE-2026-88265: stdio given to the container’s user', (promise) => {
  promise('changes no device of the host and no file behind a link', async (rig) => {
    const bundle = await rig.bundle();
    const file = bystander(rig);
    const devices = ['/dev/null', '/dev/zero', '/dev/full'];
    const owners = () => devices.map((path) => statSync(path).uid);
    const before = owners();
    bundle.edit(({ process }) => Object.assign(process, { user: { uid: 4321, gid: 4321 } }));
    const run = [...rig.commandLine(), 'run', '-b', bundle.path];
    const restore = () => devices.forEach((path, i) => void chownSync(path, before[i] ?? 0, 0));
    for (const device of devices) {
      const script = `"$@" <${device} >${device} 2>/dev/null`;
      await rig.execute(['sh', '-c', script, 'sh', ...run, rig.newId()]);
    }
    const after = owners();
    restore();
    expect(after).toEqual(before);
    bundle.edit((config) => without(config, '/dev'));
    ownDev(bundle, file.path);
    await rig.run(bundle);
    file.check();
    expect(owners()).toEqual(before);
  });
});

onAnyKernel('CVE-2026-115521: a /proc of the image when the root becomes read-only', (promise) => {
  promise('every name of the root is read-only', async (rig) => {
    const bundle = await rig.bundle();
    const fds = join(bundle.rootfs, 'proc/self/fd');
    mkdirSync(fds, { recursive: true });
    // To a mount, which could become read-only in its place.
    for (let fd = 3; fd < 40; fd++) symlinkSync('/dev/shm', join(fds, String(fd)));
    bundle.edit((config) => {
      without(config, '/proc');
      Object.assign(config.root, { readonly: true });
      config.linux.maskedPaths = [];
      config.linux.readonlyPaths = [];
    });
    const script = 'for d in / /tmp /etc /root; do touch $d/x 2>&1; done; true';
    const answers = (await printed(rig, bundle, script)).trimEnd().split('\n');
    expect(answers).toHaveLength(4);
    for (const answer of answers) expect(answer).toMatch(/Read-only file system/);
  });
});

const has = cgroup2Controllers() !== undefined;
const lacking = 'no view of a pure cgroup2 can be made here';

asUser('CVE-2023-25809: cgroups without a cgroup namespace', (promise) => {
  promise.needs(has, lacking)(
    'are read-only, though they belong to the user',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ linux, mounts }) => {
        linux.namespaces = linux.namespaces.filter(({ type }) => type !== 'cgroup');
        const options = ['nosuid', 'noexec', 'nodev'];
        const at = mounts.findIndex(({ destination }) => destination === '/sys/fs/cgroup');
        const mount = { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options };
        mounts.splice(at < 0 ? mounts.length : at, at < 0 ? 0 : 1, mount);
      });
      const mount = (await mountsIn(rig, bundle)).get('/sys/fs/cgroup');
      expect(mount).toMatchObject({ type: 'cgroup2', options: expect.arrayContaining(['ro']) });
      const script =
        'mkdir /sys/fs/cgroup/x 2>&1; find /sys/fs/cgroup -name cgroup.procs | while read f; do (echo 1 >$f) 2>&1; done; true';
      const answers = (await printed(rig, bundle, script)).trimEnd().split('\n');
      expect(answers.length).toBeGreaterThan(1);
      for (const answer of answers) expect(answer).toMatch(/Read-only file system/);
    },
    { delegated: true },
  );
});

asRoot('a device of the host changed through a masked path', (promise) => {
  promise('keeps its mode and its times, and can be used', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.maskedPaths = ['/proc/uptime', '/proc/version'];
      linux.namespaces.push({ type: 'user' });
      // The user namespace has the host's root, too.
      linux.uidMappings = linux.gidMappings = [{ containerID: 0, hostID: 0, size: 65536 }];
    });
    const change = '{ touch -d @1 $f; chmod 666 $f; echo used >$f; } 2>&1';
    const script = `for f in /proc/uptime /proc/version /dev/null; do ${change}; done; true`;
    const before = statSync('/dev/null');
    const inside = await printed(rig, bundle, script);
    bundle.edit(({ linux }) => {
      linux.namespaces = linux.namespaces.filter(({ type }) => type !== 'user');
      linux.uidMappings = linux.gidMappings = [];
    });
    // /dev/null is the container's own here, and so is its standard input.
    const plain = await printed(rig, bundle, script.replace('/dev/null', ''));
    await printed(rig, bundle, 'touch -d @1 /proc/self/fd/0');
    const { mtimeMs, mode } = statSync('/dev/null');
    if (mtimeMs === 1000) utimesSync('/dev/null', before.atime, before.mtime);
    expect({ mtimeMs, mode }).toEqual({ mtimeMs: before.mtimeMs, mode: before.mode });
    const refused = 'touch: .*Read-only file system\nchmod: .*Read-only file system\n';
    expect(inside).toMatch(new RegExp(`^(${refused}){3}$`));
    expect(plain).toMatch(new RegExp(`^(${refused}){2}$`));
  });
});
