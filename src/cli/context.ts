// Where the containers are and who makes their cgroups, from the global options.

import { resolve } from 'node:path';
import { type Context, defaultRoot } from '../container/context.js';
import type { globalFlags } from './flags/global.js';
import type { Values } from './verb.js';

type Globals = Values<typeof globalFlags>;

/** The context of an operation. Fails where an ordinary user has no place for state. */
export function contextOf(flags: Globals): Context {
  const root = flags.root ? resolve(flags.root) : defaultRoot();
  return { root, cgroupManager: cgroupManager(flags) };
}

/** `--cgroup-manager`, or what `--systemd-cgroup` says. */
export function cgroupManager(flags: Globals): Context['cgroupManager'] {
  return flags['cgroup-manager'] ?? (flags['systemd-cgroup'] ? 'systemd' : 'cgroupfs');
}
