// The runtimes that the table compares.

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { execaSync } from 'execa';
import { type Runtime, sampan } from '../rig/executable.js';

export type RuntimeName = 'sampan' | 'crun' | 'runc';

/** Debian's; crun cannot raise RLIMIT_MEMLOCK on some machines, and without cgroups it need not. */
const all: Record<RuntimeName, Runtime> = {
  sampan,
  crun: { path: '/usr/bin/crun', options: ['--cgroup-manager=disabled'] },
  runc: { path: '/usr/sbin/runc', options: [] },
};

/** Those that are there. */
export function installed(): RuntimeName[] {
  return (Object.keys(all) as RuntimeName[]).filter((name) => existsSync(all[name].path));
}

/** What a runtime calls itself: `crun 1.8.1`. */
export function versionOf(name: RuntimeName): string {
  const { stdout } = execaSync(all[name].path, ['--version']);
  return `${name} ${/\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? 'of an unknown version'}`;
}

export function runtimeCalled(name: RuntimeName): Runtime {
  return all[name];
}

/** Which of them a runtime is, by the name of its executable. */
export function nameOf({ path }: Runtime): RuntimeName | undefined {
  return (Object.keys(all) as RuntimeName[]).find((name) => name === basename(path));
}
