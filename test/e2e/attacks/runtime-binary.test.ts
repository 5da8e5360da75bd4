// The program that prepares a container is not the runtime's file, and cannot be changed.

import { statSync } from 'node:fs';
import { expect } from '@jest/globals';
import { CAPABILITY_NAMES } from '../../../src/spec/rules/capabilities.js';
import type { Bundle } from '../../rig/bundle.js';
import { runtimeFor } from '../../rig/executable.js';
import { remove } from '../../rig/inside.js';
import type { Rig } from '../../rig/rig.js';
import { until } from '../../rig/until.js';
import { bothWays } from '../../rig/ways.js';

/** All that the user of a container can be given, and a root file system to write to. */
function withEverything(bundle: Bundle): Bundle {
  return bundle.edit((config) => {
    const all = [...CAPABILITY_NAMES];
    config.process.capabilities = { bounding: all, effective: all, permitted: all };
    Object.assign(config.root, { readonly: false });
  });
}

/** What changes when a file is written to. */
function imprint(rig: Rig): unknown {
  const { ino, size, mtimeMs, ctimeMs } = statSync(runtimeFor(rig.identity));
  return { ino, size, mtimeMs, ctimeMs };
}

/**
 * Opens the waiting init's program, tries to write to it while it is executed and, through the
 * descriptor, when it no longer is.
 */
const attack = `
  exec 3</proc/1/exe && echo "opened $(readlink /proc/self/fd/3)"
  (echo x >>/proc/1/exe) 2>/dev/null && echo WRITTEN while executed
  until [ "$(readlink /proc/1/exe)" = /bin/busybox ]; do usleep 1000; done
  (echo x >>/proc/self/fd/3) 2>/dev/null && echo WRITTEN afterwards
  (echo x >/proc/self/fd/3) 2>/dev/null && echo TRUNCATED afterwards
  echo tried`;

bothWays('CVE-2019-5736: overwriting the runtime through /proc/PID/exe', (promise) => {
  promise('the program of a waiting container is in sealed memory', async (rig) => {
    const bundle = withEverything(await rig.bundle()).runs(['sleep', '100']);
    const before = imprint(rig);
    const { id } = await rig.create(bundle);
    const attacker = rig.start(['exec', id, 'sh', '-c', attack]);
    expect(await until(() => attacker.outputSoFar().includes('opened'))).toBe(true);
    expect((await rig.command(['start', id])).status).toBe(0);
    const { stdout } = await attacker.ended;
    expect(stdout).toMatch(/^opened \/memfd:sampan.*\ntried\n$/);
    expect(imprint(rig)).toEqual(before);
    await remove(rig, id);
  });

  promise('/proc/self/exe as the program runs nothing of the runtime', async (rig) => {
    const bundle = withEverything(await rig.bundle()).runs(['/proc/self/exe', 'features']);
    const before = imprint(rig);
    const ran = await rig.run(bundle);
    expect(ran.status).not.toBe(0);
    expect(ran.stdout).toBe('');
    const { id } = await rig.create(bundle.runs(['sleep', '100']));
    await rig.command(['start', id]);
    const joined = await rig.command(['exec', id, '/proc/self/exe', 'features']);
    expect(joined.status).not.toBe(0);
    expect(joined.stdout).toBe('');
    expect(imprint(rig)).toEqual(before);
    await remove(rig, id);
  });

  promise('a link of the image to /proc/self/exe is no way around that', async (rig) => {
    const bundle = withEverything(await rig.bundle());
    await rig.execute(['ln', '-s', '/proc/self/exe', `${bundle.rootfs}/bin/entrypoint`]);
    const before = imprint(rig);
    expect((await rig.run(bundle.runs(['entrypoint', 'init', '3']))).stdout).toBe('');
    expect(imprint(rig)).toEqual(before);
  });
});
