// New namespaces: each type in linux.namespaces is another one than the host's, each other type is
// the host's.

import { expect } from '@jest/globals';
import type { NamespaceType } from '../../src/spec/types.js';
import type { Bundle } from '../rig/bundle.js';
import { namespaceOf, procNames } from '../rig/holder.js';
import { lines, printed } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { asRoot, bothWays } from '../rig/ways.js';

const types = Object.keys(procNames) as NamespaceType[];

bothWays('new namespaces', (promise) => {
  promise('of all types at once are not the host’s', async (rig) => {
    const seen = await namespacesIn(rig, await bundleWith(rig, types));
    for (const type of types) expect([type, seen.get(type)]).not.toContain(namespaceOf(type));
    expect(new Set(seen.values()).size).toBe(types.length);
  });

  promise('are only those that are listed', async (rig) => {
    const least: NamespaceType[] = rig.identity.uid === 0 ? ['mount'] : ['user', 'mount'];
    for (const type of types.filter((one) => !least.includes(one) && one !== 'user')) {
      const seen = await namespacesIn(rig, await bundleWith(rig, [...least, type]));
      const others = types.filter((one) => seen.get(one) === namespaceOf(one));
      expect(others).toEqual(types.filter((one) => one !== type && !least.includes(one)));
    }
  });

  promise('of pids: the program is process 1', async (rig) => {
    const bundle = await bundleWith(rig, types);
    expect(await printed(rig, bundle, 'echo $$; set -- /proc/[0-9]*; echo $#')).toBe('1\n1\n');
  });

  promise('of the network: only lo, and it is up', async (rig) => {
    const bundle = await bundleWith(rig, types);
    const script = 'tail -n +3 /proc/net/dev | cut -d: -f1; ping -c1 -W1 127.0.0.1 >/dev/null';
    bundle.edit(({ process }) => {
      const needed = ['CAP_NET_RAW'];
      process.capabilities = { bounding: needed, effective: needed, permitted: needed };
    });
    expect(await lines(rig, bundle, script)).toContainEqual(expect.stringMatching(/^\s*lo$/));
  });
});

asRoot('new namespaces', (promise) => {
  promise('no mount namespace: the root is changed and the host keeps its mounts', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      config.mounts = [];
      delete config.hostname;
      config.linux.namespaces = [{ type: 'pid' }];
      config.root.readonly = false;
      Object.assign(config.linux, { maskedPaths: [], readonlyPaths: [] });
    });
    expect(await printed(rig, bundle, 'ls /')).toMatch(/^bin\ndev\n/);
  });
});

async function bundleWith(rig: Rig, wanted: readonly NamespaceType[]): Promise<Bundle> {
  const bundle = await rig.bundle();
  const { uid, gid } = rig.identity;
  return bundle.edit((config) => {
    config.linux.namespaces = wanted.map((type) => ({ type }));
    // Without a network namespace of its own nobody but root gets a sysfs.
    config.mounts = config.mounts.filter(({ destination }) => !destination.startsWith('/sys'));
    if (!wanted.includes('ipc')) {
      config.mounts = config.mounts.filter(({ type }) => type !== 'mqueue');
    }
    if (!wanted.includes('pid') && uid !== 0) bindHostProc(config);
    if (!wanted.includes('uts')) delete config.hostname;
    if (!wanted.includes('user')) return;
    config.linux.uidMappings = [{ containerID: 0, hostID: uid, size: 1 }];
    config.linux.gidMappings = [{ containerID: 0, hostID: gid, size: 1 }];
  });
}

/** A proc of its own belongs to a pid namespace of its own. */
function bindHostProc(config: Bundle['config']): void {
  Object.assign(config.linux, { maskedPaths: [], readonlyPaths: [] });
  for (const mount of config.mounts) {
    if (mount.destination !== '/proc') continue;
    Object.assign(mount, { source: '/proc', type: 'bind', options: ['rbind'] });
  }
}

async function namespacesIn(rig: Rig, bundle: Bundle): Promise<Map<NamespaceType, string>> {
  const paths = types.map((type) => `/proc/self/ns/${procNames[type]}`);
  const links = await lines(rig, bundle, `for p in ${paths.join(' ')}; do readlink $p; done`);
  return new Map(types.map((type, index) => [type, links[index] ?? '']));
}
