// linux.maskedPaths and linux.readonlyPaths.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { lines, mountsIn, printed } from '../rig/inside.js';
import { bothWays } from '../rig/ways.js';

bothWays('masked paths', (promise) => {
  promise('a file is covered by /dev/null, a directory by an empty one', async (rig) => {
    const bundle = fill(await rig.bundle());
    bundle.edit(({ linux }) => {
      linux.maskedPaths = ['/secret/file', '/secret/folder', '/secret/absent'];
    });
    const script =
      "stat -c '%F %t:%T' /secret/file; cat /secret/file; ls -A /secret/folder; ls /secret; " +
      'touch /secret/folder/x 2>/dev/null || echo read-only';
    expect(await lines(rig, bundle, script)).toEqual([
      'character special file 1:3',
      'file',
      'folder',
      'plain',
      'read-only',
    ]);
  });

  promise('a link is followed inside the root', async (rig) => {
    const bundle = fill(await rig.bundle());
    bundle.edit(({ linux }) => Object.assign(linux, { maskedPaths: ['/secret/plain/link'] }));
    await rig.execute(['ln', '-s', '/secret/file', join(bundle.rootfs, 'secret/plain/link')]);
    expect(await printed(rig, bundle, 'wc -c </secret/file')).toBe('0\n');
  });

  promise('all of the default ones that are there are masked', async (rig) => {
    const bundle = await rig.bundle();
    const { maskedPaths = [] } = bundle.config.linux;
    expect(maskedPaths.length).toBeGreaterThan(5);
    const mounts = await mountsIn(rig, bundle);
    const there = await lines(rig, bundle, `ls -d ${maskedPaths.join(' ')} 2>/dev/null; true`);
    expect(there.length).toBeGreaterThan(0);
    for (const path of there) expect([path, mounts.has(path)]).toEqual([path, true]);
  });
});

bothWays('read-only paths', (promise) => {
  promise('the root as a path is read-only, and what is mounted in it is not', async (rig) => {
    const bundle = await rig.bundle();
    bundle.give('rootfs').edit((config) => {
      config.root.readonly = false;
      config.linux.readonlyPaths = ['/./'];
    });
    const script = 'touch /x 2>&1; touch /dev/shm/x && echo made';
    expect(await printed(rig, bundle, script)).toBe('touch: /x: Read-only file system\nmade\n');
  });

  promise('a file and a directory with all below cannot be written', async (rig) => {
    const bundle = fill(await rig.bundle());
    bundle.edit(({ linux, mounts }) => {
      mounts.push({ destination: '/secret/folder/below', type: 'tmpfs', source: 'tmpfs' });
      linux.readonlyPaths = ['/secret/file', '/secret/folder', '/secret/absent'];
    });
    const write = 'for f in file folder/x folder/below/x plain/x; do { echo x >>/secret/$f; }';
    const output = await lines(
      rig,
      bundle,
      `${write} 2>/dev/null && echo $f; done; cat /secret/file`,
    );
    expect(output).toEqual(['plain/x', 'hidden']);
  });

  promise('all of the default ones that are there are read-only', async (rig) => {
    const bundle = await rig.bundle();
    const { readonlyPaths = [] } = bundle.config.linux;
    const mounts = await mountsIn(rig, bundle);
    const there = await lines(rig, bundle, `ls -d ${readonlyPaths.join(' ')} 2>/dev/null; true`);
    expect(there).toContain('/proc/sys');
    for (const path of there) expect(mounts.get(path)?.options).toContain('ro');
    expect((await rig.run(bundle.runs('echo 1 >/proc/sys/vm/swappiness'))).status).toBe(1);
  });

  promise('a path that is masked as well stays masked', async (rig) => {
    const bundle = fill(await rig.bundle());
    bundle.edit(({ linux }) => {
      Object.assign(linux, { maskedPaths: ['/secret/file'], readonlyPaths: ['/secret/file'] });
    });
    expect(await printed(rig, bundle, 'wc -c </secret/file')).toBe('0\n');
  });
});

/** /secret with a file, a folder and one that nothing is done to; the root can be written. */
function fill(bundle: Bundle): Bundle {
  for (const folder of ['', 'folder/below', 'plain']) {
    mkdirSync(join(bundle.rootfs, 'secret', folder), { recursive: true });
  }
  writeFileSync(join(bundle.rootfs, 'secret/file'), 'hidden\n');
  writeFileSync(join(bundle.rootfs, 'secret/folder/inner'), 'hidden\n');
  bundle.give('rootfs/secret');
  return bundle.edit(({ root }) => Object.assign(root, { readonly: false }));
}
