// Where the containers are and who makes their cgroups, from the global options.

import { resolve } from 'node:path';
import { type Context, defaultRoot } from '../container/context.js';
import type { globalFlags } from './flags/global.js';
import type { Values } from './verb.js';

/** The context of an operation. Fails where an ordinary user has no place for state. */
export function contextOf(flags: Values<typeof globalFlags>): Context {
  return {
    root: flags.root ? resolve(flags.root) : defaultRoot(),
    cgroupManager: flags['cgroup-manager'] ?? (flags['systemd-cgroup'] ? 'systemd' : 'cgroupfs'),
  };
}
