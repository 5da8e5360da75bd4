// Files that others read while they are written: whole or not at all.

import * as fs from 'node:fs';
import { codeOf } from '../host/system-failure.js';

const { O_CREAT, O_EXCL, O_WRONLY, O_RDONLY, O_NOFOLLOW } = fs.constants;

/**
 * Writes `path` by way of a temporary name in the same directory. Not synced to the disk: state is
 * about processes, and none outlives a crash of the machine. Throws the system error; then neither
 * name is left.
 */
export function writeWhole(path: string, text: string, mode: number): void {
  const slash = path.lastIndexOf('/') + 1;
  const temporary = `${path.slice(0, slash)}.${path.slice(slash)}.${process.pid}`;
  const fd = fs.openSync(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode);
  try {
    fs.writeFileSync(fd, text);
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.unlinkSync(temporary);
    throw error;
  } finally {
    fs.closeSync(fd);
  }
}

/** The text of a file that is not a symbolic link; null where there is none. */
export function readIfThere(path: string): string | null {
  let fd: number;
  try {
    fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    return fs.readFileSync(fd, 'utf8');
  } finally {
    fs.closeSync(fd);
  }
}

/** Removes a file or a link; one that is gone is fine. */
export function unlinkIfThere(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
