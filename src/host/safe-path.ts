// Directories in which nobody else can put another file in the place of one's own.

import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { inUserNamespace } from './collect.js';

/** The usual kernel.overflowuid. */
const NOBODY = 65534;
/** Only its owner may rename a file in such a directory (inode(7)). */
const STICKY = 0o1000;

/**
 * Whether nobody but root and this user can put another directory in the place of one made there.
 * What is executed there would be theirs: root may have XDG_RUNTIME_DIR and TMPDIR of another user,
 * by `su` or `sudo -E`.
 */
export function isSafe(path: string): boolean {
  try {
    const real = fs.realpathSync(path);
    const { uid, mode } = fs.statSync(real);
    // In a user namespace root of the host is nobody.
    const trusted = [0, process.geteuid?.(), inUserNamespace() ? NOBODY : 0].includes(uid);
    const closed = (mode & 0o022) === 0 || (mode & STICKY) !== 0;
    return trusted && closed && (real === '/' || isSafe(dirname(real)));
  } catch {
    return false;
  }
}
