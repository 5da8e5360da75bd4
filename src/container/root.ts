// The state root: the directory that holds a directory for each container.

import * as fs from 'node:fs';
import { fail } from '../failure.js';
import { attempt, codeOf } from '../host/system-failure.js';

/** Makes the state root unless it is there, and checks that only its owner can put things into it. */
export function makeRoot(root: string): void {
  if (checkRoot(root)) return;
  attempt(failing('make the state directory', root), () => {
    fs.mkdirSync(root, { recursive: true, mode: 0o700 });
    setMode(root, process.geteuid?.() === 0 ? 0o700 : 0o1700);
  });
  checkRoot(root);
}

/** With a remedy that is looked for when it is needed: su(1) leaves another user's variable as it is. */
function failing(doing: string, path: string) {
  return {
    doing,
    path,
    get remedy(): string {
      const runtime = process.env.XDG_RUNTIME_DIR;
      if (!runtime || !path.startsWith(runtime)) return 'give --root DIR';
      return `give --root DIR, or set XDG_RUNTIME_DIR to a directory of your own: it is ${runtime}`;
    },
  };
}

/**
 * The sticky bit keeps systemd-tmpfiles from ageing files in a user's runtime directory. By
 * descriptor: a link that another user put there meanwhile is not followed.
 */
function setMode(root: string, mode: number): void {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
  const fd = fs.openSync(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    fs.fchmodSync(fd, mode);
  } finally {
    fs.closeSync(fd);
  }
}

/** Whether the state root is there. Throws when another user could have prepared it. */
export function checkRoot(root: string): boolean {
  const stat = attempt(failing('state directory', root), () => lstatIfThere(root));
  if (stat === null) return false;
  const uid = process.geteuid?.() ?? 0;
  if (!stat.isDirectory()) refuse(root, 'not a directory');
  if (stat.uid !== uid) refuse(root, `belongs to uid ${stat.uid}, not to uid ${uid}`);
  // Write permission for the group or for all.
  if ((stat.mode & 0o022) !== 0) refuse(root, 'writable by other users');
  return true;
}

/** lstat(2), null for ENOENT. */
export function lstatIfThere(path: string): fs.Stats | null {
  try {
    return fs.lstatSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function refuse(path: string, cause: string): never {
  fail({ doing: 'state directory', path, cause, remedy: 'give --root DIR of your own, mode 0700' });
}
