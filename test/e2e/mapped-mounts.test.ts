// Bind mounts that show other ids than their file system has (config.md#mounts, idmap).

import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { IdMapping, Mount } from '../../src/spec/types.js';
import type { Bundle } from '../rig/bundle.js';
import { lines, mountsIn, printed } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

const to = (hostID: number, size = 1): IdMapping[] => [{ containerID: 0, hostID, size }];

function bind(bundle: Bundle, source: string, options: string[], maps: Partial<Mount> = {}): void {
  bundle.edit(({ mounts }) => {
    mounts.push({ destination: '/tmp', type: 'bind', source, options, ...maps });
  });
}

/** A user namespace that begins at id 100000 of the host. */
async function inUserNamespace(rig: Rig, bundle: Bundle): Promise<void> {
  bundle.edit(({ linux }) => {
    linux.namespaces.push({ type: 'user' });
    Object.assign(linux, { uidMappings: to(100000, 65536), gidMappings: to(100000, 65536) });
  });
  await rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
}

asRoot('an id-mapped mount', (promise) => {
  promise(
    'shows the ids of its own maps, and files made there have those of the source',
    async (rig) => {
      const bundle = await rig.bundle();
      const folder = rig.directory('source');
      writeFileSync(join(folder, 'file'), '');
      chownSync(join(folder, 'file'), 0, 0);
      chownSync(folder, 0, 0);
      const maps = { uidMappings: to(1000), gidMappings: to(2000) };
      bind(bundle, folder, ['bind', 'ro'], maps);
      expect(await printed(rig, bundle, 'stat -c %u:%g /tmp /tmp/file')).toBe(
        '1000:2000\n'.repeat(2),
      );
      bundle.edit(({ mounts, process }) => {
        Object.assign(mounts.at(-1) ?? {}, { options: ['bind', 'idmap'] });
        Object.assign(process, { user: { uid: 1000, gid: 2000 } });
      });
      expect(await printed(rig, bundle, 'touch /tmp/made; stat -c %u:%g /tmp/made')).toBe(
        '1000:2000\n',
      );
      const { uid, gid } = statSync(join(folder, 'made'));
      expect({ uid, gid }).toEqual({ uid: 0, gid: 0 });
    },
  );

  promise('without maps shows the source as the container’s', async (rig) => {
    const bundle = await rig.bundle();
    await inUserNamespace(rig, bundle);
    const folder = rig.directory('source');
    chownSync(folder, 0, 0);
    bind(bundle, folder, ['bind']);
    expect(await printed(rig, bundle, 'stat -c %u:%g /tmp')).toBe('65534:65534\n');
    bundle.edit(({ mounts }) => Object.assign(mounts.at(-1) ?? {}, { options: ['bind', 'idmap'] }));
    expect(await printed(rig, bundle, 'stat -c %u:%g /tmp; touch /tmp/made')).toBe('0:0\n');
    expect(statSync(join(folder, 'made')).uid).toBe(0);
  });

  promise('shows it so too in a user namespace that is joined', async (rig) => {
    const bundle = await rig.bundle();
    await inUserNamespace(rig, bundle);
    const first = await rig.create(bundle);
    const { pid } = await rig.state(first.id);
    const folder = rig.directory('source');
    chownSync(folder, 7, 8);
    bundle.edit(({ linux }) => {
      linux.namespaces = linux.namespaces.map((namespace) =>
        namespace.type === 'user' ? { ...namespace, path: `/proc/${pid}/ns/user` } : namespace,
      );
      delete linux.uidMappings;
      delete linux.gidMappings;
    });
    bind(bundle, folder, ['rbind', 'idmap']);
    expect(await printed(rig, bundle, 'stat -c %u:%g /tmp')).toBe('7:8\n');
    await rig.command(['delete', '--force', first.id]);
  });

  promise('takes the maps of its option, also by ids of the container', async (rig) => {
    const bundle = await rig.bundle();
    await inUserNamespace(rig, bundle);
    const folder = rig.directory('source');
    chownSync(folder, 1234, 0);
    bind(bundle, folder, ['bind', 'idmap=uids=@1234-33-1#0-100007-1;gids=0-100008-5']);
    expect(await printed(rig, bundle, 'stat -c %u:%g /tmp')).toBe('33:8\n');
  });

  promise('ridmap maps the mounts below as well, idmap does not', async (rig) => {
    const folder = rig.directory('source');
    const below = join(folder, 'below');
    await rig.execute(['mount', '-t', 'tmpfs', 'tmpfs', folder]);
    mkdirSync(below);
    await rig.execute(['mount', '-t', 'tmpfs', 'tmpfs', below]);
    for (const [option, expected] of [
      ['idmap', ['1000:1000', '0:0']],
      ['ridmap', ['1000:1000', '1000:1000']],
    ] as const) {
      const bundle = await rig.bundle();
      const maps = { uidMappings: to(1000), gidMappings: to(1000) };
      bind(bundle, folder, ['rbind', option], maps);
      expect(await lines(rig, bundle, 'stat -c %u:%g /tmp /tmp/below')).toEqual(expected);
    }
    await rig.execute(['umount', '-R', folder]);
  });

  promise('has the propagation of the container’s other mounts', async (rig) => {
    const folder = rig.directory('shared');
    await rig.execute(['mount', '-t', 'tmpfs', 'tmpfs', folder]);
    await rig.execute(['mount', '--make-shared', folder]);
    for (const [value, kinds] of [
      ['', ['master']],
      ['rprivate', []],
      ['rshared', ['shared']],
    ] as const) {
      const bundle = await rig.bundle();
      if (value) bundle.edit(({ linux }) => Object.assign(linux, { rootfsPropagation: value }));
      bind(bundle, folder, ['rbind'], { uidMappings: to(1000), gidMappings: to(1000) });
      const found = (await mountsIn(rig, bundle)).get('/tmp')?.propagation ?? [];
      expect([value, found.map((text) => text.replace(/:\d+$/, ''))]).toEqual([value, kinds]);
    }
    await rig.execute(['umount', folder]);
  });

  promise('many are opened', async (rig) => {
    const bundle = await rig.bundle();
    const folder = rig.directory('source');
    chownSync(folder, 0, 0);
    bundle.edit(({ root, mounts }) => {
      root.readonly = false;
      for (let i = 0; i < 60; i++) {
        const maps = { uidMappings: to(1000 + (i % 2)), gidMappings: to(1000) };
        mounts.push({ destination: `/m/${i}`, source: folder, options: ['bind'], ...maps });
      }
    });
    const output = await printed(rig, bundle, 'stat -c %u /m/* | sort | uniq -c');
    expect(output.trim().split(/\s+/)).toEqual(['30', '1000', '30', '1001']);
  });

  promise('a file system that cannot map ids is an error', async (rig) => {
    const bundle = await rig.bundle();
    bind(bundle, '/proc/sys', ['bind'], { uidMappings: to(1000), gidMappings: to(1000) });
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /ids of mount source \/proc\/sys: mount_setattr: .*EINVAL.*\/mounts\/7\]; its file/,
    );
  });
});

bothWays('an id-mapped mount', (promise) => {
  promise('is a bind mount', async (rig) => {
    const bundle = await rig.bundle();
    const maps = { uidMappings: to(1000), gidMappings: to(1000) };
    bundle.edit(({ mounts }) => {
      mounts.push({ destination: '/tmp', type: 'tmpfs', source: 'tmpfs', ...maps });
    });
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/only a bind mount can have its ids mapped.*\/mounts\/7/);
  });
});

asUser('an id-mapped mount', (promise) => {
  promise('is for root only, and the message says what else there is', async (rig) => {
    const bundle = await rig.bundle();
    bind(bundle, rig.directory('source'), ['bind', 'idmap']);
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/only root of the host.*\/mounts\/7\]; map the ids of the files with/);
  });
});
