// A directory of one's own from which programs can be executed.

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fail } from '../failure.js';
import { inUserNamespace } from '../host/collect.js';

/**
 * Makes a directory (mode 0700) that holds the executable `program` as `path`, where the file
 * system is writable and not mounted noexec. The caller removes it.
 */
export function temporaryDirectory(prefix: string, path: string, program: Uint8Array): string {
  for (const base of candidates()) {
    const directory = attemptIn(base, prefix, path, program);
    if (directory !== undefined) return directory;
  }
  return fail({
    doing: 'make a temporary bundle',
    path: candidates().join(', '),
    cause: 'none of these directories is writable and lets programs be executed',
    remedy: 'set TMPDIR to one that is',
  });
}

/** The usual kernel.overflowuid. */
const NOBODY = 65534;
/** Only its owner may rename a file in such a directory (inode(7)). */
const STICKY = 0o1000;

function candidates(): string[] {
  const own = process.env.XDG_RUNTIME_DIR;
  return [...new Set([...(own ? [own] : []), tmpdir(), '/var/tmp', '/dev/shm'])].filter(isSafe);
}

/**
 * Whether nobody but root and this user can put another directory in the place of one made there.
 * What is executed there would be theirs: root may have XDG_RUNTIME_DIR and TMPDIR of another user,
 * by `su` or `sudo -E`.
 */
function isSafe(path: string): boolean {
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

function attemptIn(base: string, prefix: string, path: string, program: Uint8Array) {
  let directory: string | undefined;
  try {
    directory = fs.mkdtempSync(`${base}/${prefix}`);
    const file = `${directory}/${path}`;
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(file, program, { mode: 0o755 });
    if (executes(file)) return directory;
  } catch {
    // Not this one; what was made is removed below.
  }
  if (directory) fs.rmSync(directory, { recursive: true, force: true });
  return undefined;
}

/** The helper ends at once when it is given no role. */
function executes(file: string): boolean {
  return spawnSync(file, [], { stdio: 'ignore' }).error === undefined;
}
