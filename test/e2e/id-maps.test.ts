// uidMappings and gidMappings: written directly, by newuidmap and newgidmap, or a single id.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { IdMapping } from '../../src/spec/types.js';
import type { Bundle } from '../rig/bundle.js';
import { printed } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { asRoot, asUser } from '../rig/ways.js';

asRoot('id maps', (promise) => {
  promise('are written directly, several ranges', async (rig) => {
    const bundle = await rig.bundle();
    const uid = [
      { containerID: 0, hostID: 200000, size: 1000 },
      { containerID: 1000, hostID: 0, size: 1 },
      { containerID: 5000, hostID: 300000, size: 10 },
    ];
    const gid = [{ containerID: 0, hostID: 400000, size: 2000 }];
    await own(rig, bundle, 200000, 400000);
    bundle.edit(({ linux }) => {
      linux.namespaces.push({ type: 'user' });
      Object.assign(linux, { uidMappings: uid, gidMappings: gid });
    });
    expect(await maps(rig, bundle)).toEqual({ uid, gid, setgroups: 'allow' });
  });

  promise('say who the files that the container makes belong to', async (rig) => {
    const bundle = await rig.bundle();
    const map = [{ containerID: 0, hostID: 200000, size: 70000 }];
    await own(rig, bundle, 200000, 200000);
    bundle.edit(({ linux, root }) => {
      root.readonly = false;
      linux.namespaces.push({ type: 'user' });
      Object.assign(linux, { uidMappings: map, gidMappings: map });
    });
    await printed(rig, bundle, 'touch /tmp/mine');
    const { uid, gid } = statSync(join(bundle.rootfs, 'tmp/mine'));
    expect({ uid, gid }).toEqual({ uid: 200000, gid: 200000 });
  });
});

asUser('id maps', (promise) => {
  promise('of the single own id: setgroups is denied', async (rig) => {
    const { uid, gid } = rig.identity;
    expect(await maps(rig, await rig.bundle())).toEqual({
      uid: [{ containerID: 0, hostID: uid, size: 1 }],
      gid: [{ containerID: 0, hostID: gid, size: 1 }],
      setgroups: 'deny',
    });
  });

  promise('of the single own id as another id than 0 and 0 not mapped: refused', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      for (const map of [linux.uidMappings, linux.gidMappings]) {
        for (const range of map ?? []) range.containerID = 1000;
      }
    });
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/0 is not in the container.*\/process\/user\/uid/);
  });

  promise('of ranges, by newuidmap and newgidmap: setgroups works', async (rig) => {
    const { uid, gid, subuid, subgid } = rig.identity;
    if (!subuid || !subgid) throw new Error('the test user has no subordinate ids');
    const bundle = (await rig.bundle()).useIdRanges();
    expect(await maps(rig, bundle)).toEqual({
      uid: [
        { containerID: 0, hostID: uid, size: 1 },
        { containerID: 1, hostID: subuid.first, size: subuid.count },
      ],
      gid: [
        { containerID: 0, hostID: gid, size: 1 },
        { containerID: 1, hostID: subgid.first, size: subgid.count },
      ],
      setgroups: 'allow',
    });
    bundle.edit(({ process }) => {
      process.user = { uid: 1000, gid: 1001, additionalGids: [5, 65536] };
    });
    expect(await printed(rig, bundle, 'id -u; id -g; id -G')).toBe('1000\n1001\n1001 5 65536\n');
  });

  promise('of ids that are not granted: refused, with the place and what to do', async (rig) => {
    const bundle = (await rig.bundle()).useIdRanges();
    bundle.edit(({ linux }) => {
      linux.uidMappings?.push({ containerID: 70000, hostID: 5, size: 10 });
    });
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/map uids 5-14 of the host.*\/etc\/subuid.*\/linux\/uidMappings\/2/);
  });
});

/** What /proc/self says in a container. */
async function maps(rig: Rig, bundle: Bundle) {
  const files = ['uid_map', 'gid_map', 'setgroups'].map((name) => `/proc/self/${name}`);
  const script = files.map((file) => `cat ${file}; echo --`).join('; ');
  const [uid = '', gid = '', setgroups = ''] = (await printed(rig, bundle, script)).split('--\n');
  return { uid: ranges(uid), gid: ranges(gid), setgroups: setgroups.trim() };
}

function ranges(text: string): IdMapping[] {
  const rows = text.trimEnd().split('\n');
  return rows.map((row) => {
    const [containerID = -1, hostID = -1, size = -1] = row.trim().split(/\s+/).map(Number);
    return { containerID, hostID, size };
  });
}

async function own(rig: Rig, bundle: Bundle, uid: number, gid: number): Promise<void> {
  await rig.execute(['chown', '-R', '-h', `${uid}:${gid}`, bundle.rootfs]);
}
