// `exec` into every kind of container: joined namespaces, few namespaces, and none that runs.

import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { NamespaceType } from '../../src/spec/types.js';
import { entered } from '../rig/exec.js';
import { holdNamespaces, namespaceOf, procNames } from '../rig/holder.js';
import { detached, remove } from '../rig/inside.js';
import { onlyLine } from '../rig/refusal.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

const types = Object.keys(procNames) as NamespaceType[];

bothWays('exec in a container', (promise) => {
  promise('that has joined namespaces is in these, and in its new ones', async (rig) => {
    const joined: NamespaceType[] = ['user', 'pid', 'ipc', 'network', 'uts', 'time', 'cgroup'];
    await joins(rig, joined);
  });

  promise('that has joined a user namespace only', (rig) => joins(rig, ['user']));

  promise('that has joined all but the mount namespace’s root', async (rig) => {
    await joins(rig, types);
  });

  promise('whose clocks are its own sees them', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.namespaces.push({ type: 'time' });
      linux.timeOffsets = { boottime: { secs: 700_000_000 } };
    });
    const { pid, sees, remove } = await entered(rig, bundle);
    const { namespaces, clocks } = await sees(['namespaces', 'clocks']);
    expect(namespaces['time']).toBe(namespaceOf('time', pid));
    expect(clocks.boottime.secs).toBeGreaterThan(700_000_000);
    await remove();
  });

  promise('is the process that state and --pid-file tell, however quick init is', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.namespaces = linux.namespaces.filter(({ type }) => type !== 'pid');
      linux.namespaces.push({ type: 'time' });
      linux.timeOffsets = { boottime: { secs: 1 } };
    });
    const file = join(rig.directory('out'), 'pid');
    for (let round = 0; round < 15; round++) {
      const { id, pid, remove } = await detached(rig, bundle);
      // The shell may not have come to its exec yet.
      const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      expect(program).toMatch(/sleep 1000 $/);
      const line = ['exec', '--pid-file', file, id, 'sh', '-c', 'echo $$'];
      const { stdout } = await rig.command(line);
      expect(stdout).toBe(`${readFileSync(file, 'utf8')}\n`);
      await remove();
    }
  });

  promise('that has stopped, or is not there, is an error that callers know', async (rig) => {
    const { id } = await detached(rig, await rig.bundle(), 'exit 0');
    expect(await until(async () => (await rig.state(id)).status === 'stopped')).toBe(true);
    const stopped = await rig.command(['exec', id, 'true']);
    expect(stopped.status).toBe(255);
    expect(onlyLine(stopped)).toMatch(/^exec: cannot exec in container \S+: it is stopped$/);
    await remove(rig, id);
    const gone = await rig.command(['exec', id, 'true']);
    expect([gone.status, gone.stderr]).toEqual([255, expect.stringContaining('does not exist')]);
  });
});

asRoot('exec in a container', (promise) => {
  for (const type of types.filter((one) => one !== 'mount' && one !== 'user')) {
    promise(`without a ${type} namespace is in the host’s`, async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit((config) => {
        config.linux.namespaces = config.linux.namespaces.filter((one) => one.type !== type);
        if (type === 'uts') delete config.hostname;
        // A sysfs is that of a network namespace.
        config.mounts = config.mounts.filter(({ type }) => type !== 'sysfs' && type !== 'cgroup');
      });
      const { pid, sees, remove } = await entered(rig, bundle);
      const { namespaces } = await sees(['namespaces']);
      expect(namespaces[procNames[type]]).toBe(namespaceOf(type));
      for (const name of Object.values(procNames))
        expect(namespaces[name]).toBe(readlinkSync(`/proc/${pid}/ns/${name}`));
      await remove();
    });
  }
});

asUser('exec in a container of one id', (promise) => {
  promise('refuses ids that are not mapped, with the flag’s words', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    for (const flags of [
      ['--user', '1000'],
      ['-u', '0:7'],
      ['--additional-gids', '7'],
    ]) {
      const ran = await rig.command(['exec', ...flags, id, 'id']);
      expect(ran.status).toBe(255);
      expect(onlyLine(ran)).toMatch(/not mapped|setgroups/);
    }
    await remove();
  });
});

/** A container that joins a holder's namespaces of these types, and what exec is in. */
async function joins(rig: Rig, joined: readonly NamespaceType[]): Promise<void> {
  const holder = await holdNamespaces(rig, joined);
  const bundle = await rig.bundle();
  bundle.edit((config) => {
    const others = config.linux.namespaces.filter(({ type }) => !joined.includes(type));
    config.linux.namespaces = [
      ...others,
      ...joined.map((type) => ({ type, path: holder.path(type) })),
    ];
    delete config.linux.uidMappings;
    delete config.linux.gidMappings;
    delete config.hostname;
    // A sysfs needs a network namespace that the user namespace owns; only one group is mapped.
    config.mounts = config.mounts.filter(({ destination }) => !destination.startsWith('/sys'));
    for (const mount of config.mounts)
      mount.options = mount.options?.filter((option) => !option.startsWith('gid=')) ?? [];
  });
  const { pid, sees, remove } = await entered(rig, bundle);
  const { namespaces } = await sees(['namespaces']);
  for (const type of types) {
    const own = joined.includes(type) ? holder.namespace(type) : namespaceOf(type, pid);
    expect([type, namespaces[procNames[type]]]).toEqual([type, own]);
  }
  await remove();
  await holder.end();
}
