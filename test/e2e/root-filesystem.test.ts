// The root filesystem becomes /: by pivot_root or not, read-only or not, with its propagation.

import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { lines, mountsIn, parseMounts, printed } from '../rig/inside.js';
import { busyboxRootfs } from '../rig/rootfs.js';
import { asRoot, bothWays } from '../rig/ways.js';

bothWays('the root filesystem', (promise) => {
  for (const flags of [[], ['--no-pivot']]) {
    const how = flags[0] ?? 'pivot_root';
    promise(`is all that is there (${how})`, async (rig) => {
      const bundle = await rig.bundle();
      const script = 'ls /; cat /proc/self/mountinfo; ls /../.. | wc -l; readlink /proc/1/root';
      const output = await printed(rig, bundle, script, { flags });
      expect(output).toMatch(/^bin\ndev\netc\nproc\nroot\nrun\nsbin\nsys\ntmp\nusr\n/);
      expect(output).toMatch(/\n10\n\/\n$/);
      const mounts = parseMounts(
        output
          .split('\n')
          .filter((line) => line.includes(' - '))
          .join('\n'),
      );
      if (flags.length > 0) return;
      expect(mounts.filter(({ target }) => target === '/')).toHaveLength(1);
      expect(mounts.map(({ target }) => target)).not.toContain('/var/tmp');
    });
  }

  promise('is read-only where root.readonly says so, mounts below are not', async (rig) => {
    const bundle = await rig.bundle();
    const script = 'touch /file 2>&1; mkdir /tmp/a 2>&1; touch /dev/shm/file && echo shm';
    expect(await lines(rig, bundle, script)).toEqual([
      expect.stringContaining('Read-only file system'),
      expect.stringContaining('Read-only file system'),
      'shm',
    ]);
    expect((await mountsIn(rig, bundle)).get('/')?.options).toContain('ro');
    bundle.edit(({ root }) => Object.assign(root, { readonly: false }));
    expect(await printed(rig, bundle, 'echo x >/file; cat /file')).toBe('x\n');
  });

  promise('root.path may be absolute and below the bundle', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ root }) => Object.assign(root, { path: bundle.rootfs }));
    expect(await printed(rig, bundle, 'echo absolute')).toBe('absolute\n');
    bundle.edit(({ root }) => Object.assign(root, { path: './rootfs/../rootfs/' }));
    expect(await printed(rig, bundle, 'echo relative')).toBe('relative\n');
  });

  for (const [value, expected] of [
    ['', []],
    ['private', []],
    ['rprivate', []],
    ['shared', ['shared']],
    ['rshared', ['shared']],
    ['unbindable', ['unbindable']],
  ] as const) {
    promise(`rootfsPropagation ${value || 'left out'}`, async (rig) => {
      const bundle = await rig.bundle();
      if (value) bundle.edit(({ linux }) => Object.assign(linux, { rootfsPropagation: value }));
      const root = (await mountsIn(rig, bundle)).get('/');
      const kinds = root?.propagation.map((text) => text.replace(/:\d+$/, ''));
      expect(kinds?.filter((kind) => kind !== 'master')).toEqual(expected);
    });
  }

  promise('nothing that is mounted inside reaches the host', async (rig) => {
    const bundle = await rig.bundle();
    const needed = ['CAP_SYS_ADMIN'];
    bundle.edit(({ process }) => {
      process.capabilities = { bounding: needed, effective: needed, permitted: needed };
    });
    for (const value of ['', 'rslave', 'rprivate']) {
      if (value) bundle.edit(({ linux }) => Object.assign(linux, { rootfsPropagation: value }));
      bundle.runs(
        'mount -t tmpfs sampan-inside /tmp && grep -c sampan-inside /proc/self/mountinfo',
      );
      const { stdout } = await rig.run(bundle);
      expect(stdout).toBe('1\n');
      const { stdout: host } = await rig.execute(['cat', '/proc/self/mountinfo']);
      expect(host).not.toContain('sampan-inside');
    }
  });
});

asRoot('a root filesystem in a mount that the host shares', (promise) => {
  for (const value of ['private', 'slave', 'unbindable', 'shared', 'rshared', 'rslave'] as const) {
    promise(
      `rootfsPropagation ${value}: no mount of the container shows on the host`,
      async (rig) => {
        const folder = rig.directory('shared');
        await rig.execute(['mount', '-t', 'tmpfs', 'tmpfs', folder]);
        await rig.execute(['mount', '--make-shared', folder]);
        const rootfs = join(folder, 'rootfs');
        mkdirSync(rootfs);
        await busyboxRootfs(rootfs, rig.identity);
        const bundle = await rig.bundle();
        bundle.edit(({ root, linux }) => {
          root.path = rootfs;
          Object.assign(linux, { rootfsPropagation: value });
        });
        const ran = await rig.run(bundle);
        const { stdout: mounts } = await rig.execute(['cat', '/proc/self/mountinfo']);
        await rig.execute(['umount', '--recursive', folder]);
        expect(mounts.split('\n').filter((line) => line.includes(rootfs))).toEqual([]);
        expect(ran).toMatchObject({ status: 0, stderr: '' });
      },
    );
  }
});

asRoot('a root filesystem moved to / (--no-pivot)', (promise) => {
  promise('is not moved to the / of the host as well', async (rig) => {
    const bundle = (await rig.bundle()).edit(({ linux }) => {
      Object.assign(linux, { rootfsPropagation: 'shared' });
    });
    const run = [...rig.commandLine(), 'run', '--no-pivot', '-b', bundle.path, rig.newId()];
    // A / that is shared, as systemd makes it, in a mount namespace for this test.
    const script =
      'mount --make-shared / && before=$(wc -l </proc/self/mountinfo) && "$@" && echo $(($(wc -l </proc/self/mountinfo) - before))';
    const { stdout, stderr } = await rig.execute([
      'unshare',
      '-m',
      'sh',
      '-c',
      script,
      'sh',
      ...run,
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });
});

asRoot('a root filesystem out of reach of the container’s root', (promise) => {
  for (const flags of [[], ['--no-pivot']]) {
    promise(`below a 0700 directory, in a user namespace ${flags[0] ?? ''}`, async (rig) => {
      const bundle = await rig.bundle();
      const hidden = join(bundle.path, 'hidden');
      const rootfs = join(hidden, 'rootfs');
      mkdirSync(hidden, { mode: 0o700 });
      mkdirSync(rootfs);
      await busyboxRootfs(rootfs, rig.identity);
      chownSync(rootfs, 100000, 100000);
      chmodSync(hidden, 0o700);
      const map = [{ containerID: 0, hostID: 100000, size: 65536 }];
      bundle.edit(({ root, linux }) => {
        root.path = 'hidden/rootfs';
        linux.namespaces.push({ type: 'user' });
        Object.assign(linux, { uidMappings: map, gidMappings: map });
      });
      const script = 'stat -c %u /; ls / | head -1; cat /proc/self/uid_map';
      const output = await lines(rig, bundle, script, { flags });
      expect(output.slice(0, 2)).toEqual(['0', 'bin']);
      expect(output[2]?.trim().split(/\s+/)).toEqual(['0', '100000', '65536']);
    });
  }
});
