// What every operation is given: where containers are kept and who manages cgroups.

import * as fs from 'node:fs';
import { fail } from '../failure.js';
import { inUserNamespace } from '../host/collect.js';
import { idOutside } from '../host/id-map.js';
import { isSafe } from '../host/safe-path.js';
import { lstatIfThere } from './root.js';

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
  const uid = process.geteuid?.() ?? 0;
  if (uid === 0 && (env.USER === 'root' || !inUserNamespace())) return '/run/sampan';
  const runtime = env.XDG_RUNTIME_DIR;
  if (runtime?.startsWith('/')) return `${runtime.replace(/\/+$/, '')}/sampan`;
  return withoutSession(uid);
}

/**
 * Who has not logged in through a session manager: root of a container has /run, a user that is
 * logged in elsewhere has a runtime directory, and everybody /tmp.
 */
function withoutSession(uid: number): string {
  const hostUid = idOutside(uid, fs.readFileSync('/proc/self/uid_map', 'latin1')) ?? uid;
  for (const folder of ['/run', `/run/user/${hostUid}`]) {
    if (lstatIfThere(folder)?.uid === uid) return `${folder}/sampan`;
  }
  if (isSafe('/tmp')) return `/tmp/sampan-${hostUid}`;
  return fail({
    doing: 'find the state directory',
    cause:
      'XDG_RUNTIME_DIR is not set to an absolute path, and other users can replace files in /tmp',
    remedy: 'log in through a session manager, set XDG_RUNTIME_DIR, or give --root DIR',
  });
}
