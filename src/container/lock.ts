// One at a time of `create`, `run`, `start` and `delete` on a container.

import * as fs from 'node:fs';
import { lockFile } from '../host/lock.js';
import { codeOf } from '../host/system-failure.js';
import { missing } from './store.js';

/**
 * Runs `action`, which gets the directory's descriptor, holding the lock on a state directory. The lock is on the directory's inode:
 * when it was removed while waiting, or another has taken its name, the container is gone.
 */
export function whileLocked<T>(path: string, id: string, action: (directory: number) => T): T {
  const fd = open(path, id);
  try {
    lockFile(fd);
    if (!isStill(path, fd)) missing(id);
    return action(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** The descriptor of a state directory: for as long as it is open, no other has its inode. */
export function openDirectory(path: string): number {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
  return fs.openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

function open(path: string, id: string): number {
  try {
    return openDirectory(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return missing(id);
    throw error;
  }
}

function isStill(path: string, fd: number): boolean {
  try {
    return fs.lstatSync(path).ino === fs.fstatSync(fd).ino;
  } catch {
    return false;
  }
}
