// Namespaces joined by path: the container is in the same one as the process that holds it.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { NamespaceType } from '../../src/spec/types.js';
import type { Running } from '../rig/execute.js';
import { type Holder, holdNamespaces, namespaceOf, procNames } from '../rig/holder.js';
import { printed, remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

const types = (Object.keys(procNames) as NamespaceType[]).filter((type) => type !== 'user');

asRoot('a joined namespace', (promise) => {
  for (const type of types) {
    promise(`of type ${type} is the holder's, the others are new`, async (rig) => {
      const holder = await holdNamespaces(rig, [type]);
      const seen = await inside(rig, holder, [type]);
      expect(seen.get(type)).toBe(holder.namespace(type));
      for (const other of ['pid', 'ipc', 'uts', 'mount'] as const) {
        if (other !== type) expect(seen.get(other)).not.toBe(namespaceOf(other));
      }
      await holder.end();
    });
  }
});

asUser('a joined namespace', (promise) => {
  for (const type of types) {
    promise(`of type ${type} is the holder's, with its user namespace`, async (rig) => {
      const holder = await holdNamespaces(rig, ['user', type]);
      const seen = await inside(rig, holder, ['user', type]);
      for (const one of ['user', type] as const) expect(seen.get(one)).toBe(holder.namespace(one));
      await holder.end();
    });
  }
});

bothWays('joined namespaces', (promise) => {
  promise('of all types at once', async (rig) => {
    const all: NamespaceType[] = ['user', ...types];
    const holder = await holdNamespaces(rig, all);
    const seen = await inside(rig, holder, all);
    for (const type of all) expect([type, seen.get(type)]).toEqual([type, holder.namespace(type)]);
    await holder.end();
  });

  promise('of user and of pids: the program is not process 1, and sees the holder', async (rig) => {
    const holder = await holdNamespaces(rig, ['user', 'pid']);
    const bundle = await joining(rig, holder, ['user', 'pid']);
    const [own, first] = (await printed(rig, bundle, 'echo $$; cat /proc/1/comm')).split('\n');
    expect(Number(own)).toBeGreaterThan(1);
    expect(first).toBe('sleep');
    await holder.end();
  });

  promise('names of the host are set in a joined uts namespace', async (rig) => {
    const holder = await holdNamespaces(rig, ['user', 'uts'], 'exec sleep 1000');
    const bundle = await joining(rig, holder, ['user', 'uts']);
    bundle.edit((config) => Object.assign(config, { hostname: 'joined' }));
    expect(await printed(rig, bundle, 'hostname')).toBe('joined\n');
    await holder.end();
  });

  promise('a user namespace alone: the others are new and belong to it', async (rig) => {
    const holder = await holdNamespaces(rig, ['user']);
    const seen = await inside(rig, holder, ['user']);
    expect(seen.get('user')).toBe(holder.namespace('user'));
    expect(seen.get('pid')).not.toBe(namespaceOf('pid'));
    await holder.end();
  });

  promise('what is not a namespace of the type is refused, with its place', async (rig) => {
    const holder = await holdNamespaces(rig, ['user', 'uts']);
    const bundle = await joining(rig, holder, ['user', 'uts']);
    bundle.edit(({ linux }) => {
      const entry = linux.namespaces.find(({ type }) => type === 'uts');
      Object.assign(entry ?? {}, { path: holder.path('ipc') });
    });
    const { status, stderr } = await rig.run(bundle.runs(['true']));
    expect(status).toBe(1);
    expect(stderr).toMatch(/uts namespace.*another type.*\/linux\/namespaces\/\d/);
    await holder.end();
  });
});

asRoot('joined namespaces', (promise) => {
  promise('of pids: the process written down is the container', async (rig) => {
    const holder = await holdNamespaces(rig, ['pid']);
    const bundle = await joining(rig, holder, ['pid']);
    const id = rig.newId();
    const pidFile = join(bundle.path, 'pid');
    const traced = createSlowly(rig, ['--bundle', bundle.path, '--pid-file', pidFile, id]);
    expect(await until(() => existsSync(pidFile))).toBe(true);
    const { status, pid } = await rig.state(id);
    expect([status, String(pid)]).toEqual(['created', readFileSync(pidFile, 'utf8')]);
    await remove(rig, id);
    await traced.ended;
    await holder.end();
  });
});

/** `type:[inode]` of every namespace of a container that joins the holder's of `joined`. */
async function inside(
  rig: Rig,
  holder: Holder,
  joined: readonly NamespaceType[],
): Promise<Map<NamespaceType, string>> {
  const bundle = await joining(rig, holder, joined);
  const all = ['user', ...types] as const;
  const script = all.map((type) => `readlink /proc/self/ns/${procNames[type]}`).join('\n');
  const output = (await printed(rig, bundle, script)).split('\n');
  return new Map(all.map((type, index) => [type, output[index] ?? '']));
}

/** `create` in which the process that forks the container is late to say so; ends with that. */
function createSlowly(rig: Rig, args: readonly string[]): Running {
  const late = ['-e', 'trace=clone3', '-e', 'inject=clone3:delay_exit=50000', '-o', '/dev/null'];
  return rig.launch(['strace', '-qqf', ...late, ...rig.commandLine(), 'create', ...args]);
}

async function joining(rig: Rig, holder: Holder, joined: readonly NamespaceType[]) {
  const bundle = await rig.bundle();
  return bundle.edit((config) => {
    const others = config.linux.namespaces.filter(({ type }) => !joined.includes(type));
    const paths = joined.map((type) => ({ type, path: holder.path(type) }));
    config.linux.namespaces = [...others, ...paths];
    delete config.linux.uidMappings;
    delete config.linux.gidMappings;
    // A sysfs needs a network namespace that the user namespace owns.
    config.mounts = config.mounts.filter(({ destination }) => !destination.startsWith('/sys'));
    // Only one group is mapped.
    for (const mount of config.mounts) {
      mount.options = mount.options?.filter((option) => !option.startsWith('gid=')) ?? [];
    }
  });
}
