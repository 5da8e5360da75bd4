// The full default seccomp profile and all default masked paths in one bundle.

import { readFileSync } from 'node:fs';
import { beforeAll, expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { lines, printed } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { canMakeDebian, debianRootfs, debianTree } from '../rig/rootfs.js';
import { bothWays } from '../rig/ways.js';

if (canMakeDebian) beforeAll(() => debianTree().then(() => {}), 300_000);

const profile = JSON.parse(
  readFileSync(new URL('../../spec-fixtures/seccomp/default.json', import.meta.url), 'utf8'),
);

/** Masked by current engines, more than `spec` writes. */
const masked = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];

bothWays('the default seccomp profile and masked paths', (promise) => {
  promise('let programs run', async (rig) => {
    const bundle = await guarded(rig);
    const script =
      'grep Seccomp: /proc/self/status; ls / | wc -l; (sleep 0.01 & wait; echo waited)';
    const [seccomp, count, waited] = await lines(rig, bundle, script);
    expect(seccomp).toMatch(/^Seccomp:\s+2$/);
    expect(Number(count)).toBeGreaterThan(5);
    expect(waited).toBe('waited');
  });

  promise.needs(canMakeDebian, 'a Debian root filesystem cannot be made here')(
    'let perl and apt-get run',
    async (rig) => {
      const bundle = await rig.bundle(debianRootfs);
      guard(bundle);
      const script = "apt-get --version | head -1; perl -e 'print fork ? wait > 0 : exit, qq(\\n)'";
      expect(await printed(rig, bundle, script)).toMatch(/^apt \d.*\n1\n$/);
    },
  );

  promise('deny to a privileged process what is not for containers', async (rig) => {
    const bundle = await guarded(rig);
    const rights = ['CAP_SYS_ADMIN'];
    bundle.edit(({ process }) => {
      process.capabilities = { bounding: rights, effective: rights, permitted: rights };
    });
    const attempts = ['unshare -m true', 'mount -t tmpfs none /tmp', 'umount /dev/shm'];
    const script = attempts.map((line) => `${line} 2>/dev/null; echo $?`).join('\n');
    expect(await printed(rig, bundle, script)).toBe('1\n1\n1\n');
    bundle.edit(({ linux }) => delete linux.seccomp);
    expect(await printed(rig, bundle, script)).toBe('0\n0\n0\n');
  });

  promise('masked paths hold nothing', async (rig) => {
    const bundle = await guarded(rig);
    const look =
      'if [ -d $path ]; then echo "$path: $(ls -A $path | wc -l)"; ' +
      'elif [ -e $path ]; then echo "$path: $(wc -c <$path)"; else echo "$path absent"; fi';
    const output = await lines(rig, bundle, `for path in ${masked.join(' ')}; do ${look}; done`);
    expect(output).toHaveLength(masked.length);
    for (const line of output) expect(line).toMatch(/: 0$| absent$/);
    const there = output.filter((line) => !line.endsWith('absent'));
    expect(there.map((line) => line.split(':')[0])).toContain('/proc/timer_list');
  });

  promise('masked paths stay masked for writers', async (rig) => {
    const bundle = await guarded(rig);
    const script = 'echo x >/proc/timer_list && wc -c </proc/timer_list; touch /sys/firmware/x';
    const { status, stdout, stderr } = await rig.run(bundle.runs(script));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '0\n' });
    expect(stderr).toContain('/sys/firmware/x: Read-only file system');
  });
});

async function guarded(rig: Rig): Promise<Bundle> {
  return guard(await rig.bundle());
}

function guard(bundle: Bundle): Bundle {
  return bundle.edit(({ linux }) =>
    Object.assign(linux, { seccomp: profile, maskedPaths: masked }),
  );
}
