// Someone who exchanges directories and links of the root filesystem while it is being prepared.

import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { execaSync } from 'execa';
import type { Bundle, BundleConfig } from '../../rig/bundle.js';
import { copyProgram } from '../../rig/copied-program.js';
import { parseMounts } from '../../rig/inside.js';
import { onlyLine } from '../../rig/refusal.js';
import type { Rig } from '../../rig/rig.js';
import { onAnyKernel } from '../../rig/ways.js';

/** How often a container is run while the exchange goes on. */
const TRIES = 50;

/** A directory of the host with a file that no container may see, and nothing that it may make. */
function secretPlace(rig: Rig): string {
  const path = rig.directory('outside', 0o777);
  writeFileSync(join(path, 'secret'), 'the host’s\n');
  return path;
}

/** Exchanges NAME in the root with a link to `target`, or with a directory, until `body` ends. */
async function exchanging<T>(
  rig: Rig,
  { rootfs }: Bundle,
  name: string,
  target: string | undefined,
  body: () => Promise<T>,
): Promise<T> {
  const exchange = copyProgram(
    'exchange',
    join(rig.directory(`tools-${name.replaceAll('/', '-')}`), 'exchange'),
  );
  execaSync('mkdir', ['-p', join(rootfs, name)]);
  if (target === undefined) mkdirSync(join(rootfs, `${name}.link`));
  else symlinkSync(target, join(rootfs, `${name}.link`));
  execaSync('chown', ['-hR', `${rig.identity.uid}:${rig.identity.gid}`, rootfs]);
  const running = rig.launch([exchange, join(rootfs, name), join(rootfs, `${name}.link`)]);
  try {
    return await body();
  } finally {
    running.signal('SIGKILL');
    await running.ended;
  }
}

/** Runs the bundle again and again; each run works or is an error. */
async function attack(rig: Rig, bundle: Bundle, outside: string): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    const ran = await rig.run(bundle);
    if (ran.status !== 0) expect(onlyLine(ran)).not.toBe('');
    expect(ran.stdout).not.toContain('the host’s');
    expect(readdirSync(outside)).toEqual(['secret']);
    expect(rig.leftovers().filter(({ what }) => !what.includes('exchange'))).toEqual([]);
  }
}

const look = 'cat /swap/secret /swap/*/secret /swap/*/*/secret /dev/secret 2>/dev/null; true';

const withMounts = (volume: string) => (config: BundleConfig) => {
  Object.assign(config.root, { readonly: false });
  const bind = (source: string, destination: string) =>
    config.mounts.push({ destination, type: 'none', source, options: ['rbind'] });
  bind(volume, '/swap/volume/below');
  bind(join(volume, 'file'), '/swap/file');
  config.mounts.push({ destination: '/swap/tmp/below', type: 'tmpfs', source: 'tmpfs' });
  config.linux.devices = [{ path: '/swap/pipe', type: 'p', fileMode: 0o666 }];
  config.linux.maskedPaths = [...(config.linux.maskedPaths ?? []), '/swap/masked'];
  config.linux.readonlyPaths = [...(config.linux.readonlyPaths ?? []), '/swap/fixed'];
  config.process.cwd = '/swap/work/below';
};

/** A directory for a container, with a file. */
function volumeOf(rig: Rig): string {
  const path = join(rig.directory('volume', 0o755), 'data');
  mkdirSync(path);
  writeFileSync(join(path, 'file'), '');
  return path;
}

onAnyKernel('CVE-2021-30465, CVE-2024-45310: links exchanged while mounts are made', (promise) => {
  promise('nothing is made, mounted or seen outside of the root', async (rig) => {
    const bundle = (await rig.bundle()).runs(look).edit(withMounts(volumeOf(rig)));
    const outside = secretPlace(rig);
    // Left alone it works: a failure is one of the exchange.
    expect((await rig.run(bundle)).status).toBe(0);
    await exchanging(rig, bundle, 'swap', outside, () => attack(rig, bundle, outside));
  });

  promise('nor copied into a tmpfs that begins with what is there', async (rig) => {
    const bundle = (await rig.bundle()).runs('cat /data/swap/secret 2>/dev/null; true');
    mkdirSync(join(bundle.rootfs, 'data'));
    bundle.edit(({ mounts }) => {
      mounts.push({ destination: '/data', type: 'tmpfs', source: 'x', options: ['tmpcopyup'] });
    });
    const outside = secretPlace(rig);
    expect((await rig.run(bundle)).status).toBe(0);
    await exchanging(rig, bundle, 'data/swap', outside, () => attack(rig, bundle, outside));
  });

  promise('not in /dev either', async (rig) => {
    const bundle = (await rig.bundle()).runs(look).edit((config) => {
      Object.assign(config.root, { readonly: false });
      config.mounts = config.mounts.filter(({ destination }) => destination !== '/dev');
    });
    const outside = secretPlace(rig);
    await exchanging(rig, bundle, 'dev', outside, () => attack(rig, bundle, outside));
  });
});

/** What is mounted in the container, the procfs under the name of its mount point. */
const mounted = `
  until cat /proc/self/mountinfo 2>/dev/null >/dev/shm/mounts; do :; done
  sed s,/proc.link,/proc, /dev/shm/mounts`;

onAnyKernel('a mount point exchanged for a directory before it is masked', (promise) => {
  promise('what is in the mount is hidden and read-only under whatever name', async (rig) => {
    const bundle = (await rig.bundle()).runs(mounted).edit(({ root, linux }) => {
      Object.assign(root, { readonly: false });
      linux.readonlyPaths = ['/proc/sys'];
      linux.maskedPaths = ['/proc/uptime'];
    });
    await exchanging(rig, bundle, 'proc', undefined, async () => {
      for (let i = 0; i < TRIES; i++) {
        const ran = await rig.run(bundle);
        expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
        const mounts = parseMounts(ran.stdout);
        const hidden = mounts.filter(({ target }) => target.startsWith('/proc/'));
        expect(hidden.map(({ target, options }) => [target, options[0]])).toEqual(
          expect.arrayContaining([
            ['/proc/sys', 'ro'],
            ['/proc/uptime', expect.anything()],
          ]),
        );
      }
    });
  });
});

onAnyKernel('the root filesystem exchanged for a link after it was looked at', (promise) => {
  promise('is not that which the link leads to', async (rig) => {
    const bundle = (await rig.bundle()).runs('cat /secret');
    const outside = (await rig.bundle()).rootfs;
    writeFileSync(join(outside, 'secret'), 'the host’s\n');
    const link = `${bundle.rootfs}.link`;
    symlinkSync(outside, link);
    const exchange = copyProgram('exchange', join(rig.directory('tools'), 'exchange'));
    const running = rig.launch([exchange, bundle.rootfs, link]);
    for (let i = 0; i < TRIES; i++) {
      expect((await rig.run(bundle)).stdout).toBe('');
      expect(rig.leftovers().filter(({ what }) => !what.includes('exchange'))).toEqual([]);
    }
    running.signal('SIGKILL');
    await running.ended;
  });
});
