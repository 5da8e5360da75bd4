// What the runtime writes to /proc arrives in the kernel, whatever a container has put there.

import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle, BundleConfig } from '../../rig/bundle.js';
import { detached, lines, printed } from '../../rig/inside.js';
import { refusal } from '../../rig/refusal.js';
import type { Rig } from '../../rig/rig.js';
import { until } from '../../rig/until.js';
import { asRoot, onAnyKernel } from '../../rig/ways.js';

const KEY = 'kernel/shm_rmid_forced';
const CORE = 'kernel/core_pattern';
const onHost = (path: string) => readFileSync(`/proc/sys/${path}`, 'utf8');

/** A second procfs of the container tells what the kernel has. */
function withTruth(config: BundleConfig): void {
  config.linux.sysctl = { 'kernel.shm_rmid_forced': '1' };
  config.mounts.push({ destination: '/truth', type: 'proc', source: 'proc' });
}

/** The image's own tree of fake files in the place of /proc. */
function fakeProc(bundle: Bundle, place: string): string {
  const file = join(bundle.rootfs, place, 'sys', KEY);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, 'fake\n');
  return file;
}

/** The value in the container's ipc namespace, and that no fake was written to. */
async function expectRealWrite(rig: Rig, bundle: Bundle, fake: string): Promise<void> {
  const before = onHost(KEY);
  expect(await lines(rig, bundle, `cat /truth/sys/${KEY}`)).toEqual(['1']);
  expect(readFileSync(fake, 'utf8')).toBe('fake\n');
  expect(onHost(KEY)).toBe(before);
}

onAnyKernel('CVE-2019-16884: /proc of the image is no procfs', (promise) => {
  promise('nothing is written to its files', async (rig) => {
    const bundle = await rig.bundle();
    const fake = fakeProc(bundle, 'proc');
    bundle.give('rootfs').edit((config) => {
      config.mounts = config.mounts.filter(({ destination }) => destination !== '/proc');
      config.linux.maskedPaths = [];
      config.linux.readonlyPaths = [];
      config.root.readonly = false;
      withTruth(config);
    });
    await expectRealWrite(rig, bundle, fake);
  });
});

onAnyKernel('CVE-2019-19921: /proc leads into a volume that containers share', (promise) => {
  promise('nothing is written through the link', async (rig) => {
    const bundle = await rig.bundle();
    rmSync(join(bundle.rootfs, 'proc'), { recursive: true });
    symlinkSync('volume/proc', join(bundle.rootfs, 'proc'));
    const fake = fakeProc(bundle, 'volume/proc');
    bundle.give('rootfs').edit((config) => {
      config.mounts = config.mounts.filter(({ destination }) => destination !== '/proc');
      config.linux.maskedPaths = [];
      config.linux.readonlyPaths = [];
      config.root.readonly = false;
      withTruth(config);
    });
    await expectRealWrite(rig, bundle, fake);
  });
});

onAnyKernel(
  'CVE-2025-52881, CVE-2025-62596: a file of /proc is covered by another one',
  (promise) => {
    promise('no link of the image leads a mount there', async (rig) => {
      const bundle = await rig.bundle();
      const cover = join(rig.directory('cover'), 'file');
      writeFileSync(cover, 'fake\n', { mode: 0o666 });
      // The name says nothing of /proc, so that no rule stands in the way.
      symlinkSync('proc/sys/kernel', join(bundle.rootfs, 'elsewhere'));
      bundle.edit((config) => {
        withTruth(config);
        config.linux.readonlyPaths = [];
        config.mounts.push({
          ...{ destination: '/elsewhere/shm_rmid_forced', type: 'none', source: cover },
          options: ['bind', 'rw'],
        });
      });
      const before = onHost(KEY);
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toContain('nothing may be mounted');
      expect(readFileSync(cover, 'utf8')).toBe('fake\n');
      expect(onHost(KEY)).toBe(before);
    });
  },
);

asRoot('CVE-2025-52881, CVE-2025-62596: a file of /proc is covered by another one', (promise) => {
  promise('exec writes past a /proc that the running container has replaced', async (rig) => {
    const bundle = await rig.bundle();
    const script = `
      mount -t tmpfs tmpfs /proc
      for p in self 1 2 3 4 5 6 7 8 9; do mkdir /proc/$p; echo fake >/proc/$p/oom_score_adj; done
      touch /dev/shm/ready; exec sleep 1000`;
    bundle.edit((config) => {
      const all = ['CAP_SYS_ADMIN', 'CAP_DAC_OVERRIDE'];
      config.process.capabilities = { bounding: all, effective: all, permitted: all };
      config.linux.maskedPaths = [];
      config.linux.readonlyPaths = [];
      config.process.oomScoreAdj = 321;
    });
    const { id, pid, remove } = await detached(rig, bundle, script);
    const ready = 'until test -e /dev/shm/ready; do usleep 1000; done; cat /proc/*/oom_score_adj';
    const pidFile = join(rig.dir, 'joined');
    const program = ['sh', '-c', `${ready}; exec sleep 1000`];
    const joined = rig.start(['exec', '--pid-file', pidFile, id, ...program]);
    const fakes = 'fake\n'.repeat(10);
    expect(await until(() => joined.outputSoFar().length >= fakes.length)).toBe(true);
    expect(joined.outputSoFar()).toBe(fakes);
    for (const real of [String(pid), readFileSync(pidFile, 'utf8').trim()]) {
      expect(readFileSync(`/proc/${real}/oom_score_adj`, 'utf8')).toBe('321\n');
    }
    await remove();
    await joined.ended;
  });
});

asRoot('CVE-2025-52881: the procfs of the runtime', (promise) => {
  promise('is not left open in a container that waits for start', async (rig) => {
    const bundle = (await rig.bundle()).edit(withTruth);
    const { id } = await rig.create(bundle);
    const { pid = 0 } = await rig.state(id);
    const types = `for f in /proc/${pid}/fd/*; do stat -L -f -c "%T" $f; done`;
    const { stdout } = await rig.execute(['sh', '-c', types]);
    expect(stdout).toContain('sockfs');
    expect(stdout).not.toMatch(/^proc$/m);
    await rig.command(['delete', '--force', id]);
  });
});

/** The parameter of the attack stays, and is put back if it did not. */
async function sparing(body: () => Promise<void>): Promise<void> {
  const before = onHost(CORE);
  try {
    await body();
    expect(onHost(CORE)).toBe(before);
  } finally {
    if (onHost(CORE) !== before) writeFileSync(`/proc/sys/${CORE}`, before);
  }
}

onAnyKernel('CVE-2022-0811: + and = in a parameter', (promise) => {
  promise('a value sets one parameter only', (rig) =>
    sparing(async () => {
      const bundle = await rig.bundle();
      for (const value of ['1+kernel.core_pattern=core.attack', '1=kernel.core_pattern=x']) {
        bundle.edit(({ linux }) =>
          Object.assign(linux, { sysctl: { 'kernel.shm_rmid_forced': value } }),
        );
        const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
        expect(line).toMatch(/kernel\/shm_rmid_forced.*EINVAL/);
      }
    }),
  );

  promise('a name reaches no parameter of the host', (rig) =>
    sparing(async () => {
      const bundle = await rig.bundle();
      for (const key of [
        'kernel.shm_rmid_forced=1+kernel.core_pattern',
        'kernel.core_pattern',
        'net/../kernel/core_pattern',
        'net.//.kernel.core_pattern',
        'fs.mqueue.//.//.kernel.core_pattern',
      ]) {
        bundle.edit(({ linux }) => Object.assign(linux, { sysctl: { [key]: 'core.attack' } }));
        const { status, stderr } = await rig.run(bundle);
        expect({ key, status }).toEqual({ key, status: 1 });
        expect(stderr).toMatch(/not in a namespace|not the name/);
      }
    }),
  );
});

onAnyKernel(
  'a link of the image to a file of the kernel, read with the rights of init',
  (promise) => {
    // Reading /proc/kmsg takes from the host's log, reading /proc/bus/pci asks devices.
    promise('/etc/passwd is not read there for HOME', async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit((config) => Object.assign(config, { domainname: 'a:x:0:0::/from-proc:' }));
      const passwd = join(bundle.rootfs, 'etc/passwd');
      rmSync(passwd);
      symlinkSync('/proc/sys/kernel/domainname', passwd);
      expect(await printed(rig, bundle, 'cat /etc/passwd; echo $HOME')).toBe(
        'a:x:0:0::/from-proc:\n/\n',
      );
    });

    promise('nothing there is copied into a tmpfs that begins with what is there', async (rig) => {
      const bundle = await rig.bundle();
      symlinkSync('/proc', join(bundle.rootfs, 'data'));
      bundle.edit(({ mounts }) => {
        mounts.push({ destination: '/data', type: 'tmpfs', source: 'x', options: ['tmpcopyup'] });
      });
      expect(await refusal(rig, ['run', '-b', bundle.path, 'x'])).toContain(
        'this place is in /proc, where nothing may be mounted',
      );
    });
  },
);
