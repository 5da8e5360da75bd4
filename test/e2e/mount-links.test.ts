// Bind mounts that take a symbolic link for what it is: options that crun has as well.

import { readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { lines, mountsIn, printed } from '../rig/inside.js';
import { bothWays } from '../rig/ways.js';

function bind(bundle: Bundle, destination: string, source: string, options: string[]): void {
  bundle.edit((config) => {
    config.root.readonly = false;
    config.mounts.push({ destination, source, type: 'bind', options });
  });
}

bothWays('CVE-2024-42472: a bind mount of a symbolic link', (promise) => {
  promise('with copy-symlink is the same link, which leads where it leads inside', async (rig) => {
    const bundle = await rig.bundle();
    const folder = rig.directory('source');
    symlinkSync('../etc/hosts', join(folder, 'link'));
    bind(bundle, '/new/link', join(folder, 'link'), ['bind', 'copy-symlink']);
    expect(await printed(rig, bundle, 'readlink /new/link')).toBe('../etc/hosts\n');
    expect((await mountsIn(rig, bundle)).has('/new/link')).toBe(false);
  });

  promise('with copy-symlink is a mount where the source is none', async (rig) => {
    const bundle = await rig.bundle();
    writeFileSync(join(rig.directory('source'), 'file'), 'text\n');
    bind(bundle, '/new/file', join(rig.dir, 'source/file'), ['bind', 'copy-symlink', 'ro']);
    const script = 'cat /new/file; echo x 2>/dev/null >/new/file || echo refused';
    expect(await printed(rig, bundle, script)).toBe('text\nrefused\n');
  });

  promise('with src-nofollow shows the link, without it what it leads to', async (rig) => {
    const bundle = await rig.bundle();
    const folder = rig.directory('source');
    writeFileSync(join(folder, 'file'), 'text\n');
    symlinkSync('file', join(folder, 'link'));
    bind(bundle, '/followed', join(folder, 'link'), ['bind']);
    bind(bundle, '/link', join(folder, 'link'), ['bind', 'src-nofollow']);
    const script = 'cat /followed; readlink /link; cat /link 2>/dev/null || echo leads to nothing';
    expect(await lines(rig, bundle, script)).toEqual(['text', 'file', 'leads to nothing']);
  });
});

bothWays('a bind mount on a symbolic link', (promise) => {
  promise('with dest-nofollow covers the link, and what it leads to stays', async (rig) => {
    const bundle = await rig.bundle();
    const file = join(rig.directory('source'), 'file');
    writeFileSync(file, 'mounted\n');
    writeFileSync(join(bundle.rootfs, 'kept'), 'kept\n');
    symlinkSync('kept', join(bundle.rootfs, 'link'));
    bind(bundle, '/link', file, ['bind', 'dest-nofollow']);
    expect(await printed(rig, bundle, 'cat /kept /link')).toBe('kept\nmounted\n');
    expect(readlinkSync(join(bundle.rootfs, 'link'))).toBe('kept');
    bundle.edit(({ mounts }) => Object.assign(mounts.at(-1) ?? {}, { options: ['bind'] }));
    expect(await printed(rig, bundle, 'cat /kept')).toBe('mounted\n');
  });
});
