// What every operation is given: where containers are kept and who manages cgroups.

import { fail } from '../failure.js';
import { inUserNamespace } from '../host/collect.js';

/** The settings that hold for a whole command. */
export interface Context {
  /** Absolute path of the directory that holds one directory for each container. */
  readonly root: string;
  readonly cgroupManager: 'cgroupfs' | 'systemd' | 'disabled';
}

/**
 * `/run/sampan` for root, `$XDG_RUNTIME_DIR/sampan` for a user. Root of a user namespace is a user,
 * unless it logged in as root there.
 */
export function defaultRoot(env: NodeJS.ProcessEnv = process.env): string {
  const isRoot = process.geteuid?.() === 0 && (env.USER === 'root' || !inUserNamespace());
  const runtime = env.XDG_RUNTIME_DIR;
  if (isRoot) return '/run/sampan';
  if (runtime?.startsWith('/')) return `${runtime.replace(/\/+$/, '')}/sampan`;
  return fail({
    doing: 'find the state directory',
    cause: 'XDG_RUNTIME_DIR is not set to an absolute path',
    remedy: 'log in through a session manager, set XDG_RUNTIME_DIR, or give --root DIR',
  });
}
