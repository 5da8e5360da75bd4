// Makes a container's cgroup, on a cgroup2 file system only.

import * as fs from 'node:fs';
import { Failed } from '../failure.js';
import { CGROUP2_MAGIC } from '../host/cgroup-layout.js';
import { codeOf } from '../host/system-failure.js';
import { isPopulated } from './cgroup.js';

/**
 * Makes the cgroup at the absolute host path `path`, with those above it, and opens its directory
 * for CLONE_INTO_CGROUP. One that exists is taken only when no process is in it. Throws `Failed`,
 * or the system error of mkdir(2).
 */
export function createCgroup(path: string): number {
  checkPath(path);
  const made = makeDirectories(path);
  const fd = fs.openSync(
    path,
    fs.constants.O_RDONLY | fs.constants.O_DIRECTORY | fs.constants.O_NOFOLLOW,
  );
  if (!made && isPopulated(path)) {
    fs.closeSync(fd);
    refuse(
      path,
      'processes of something else are in this cgroup',
      'choose another linux.cgroupsPath',
    );
  }
  return fd;
}

/** Whether the last directory was made here. Nothing is made outside a cgroup2 file system. */
function makeDirectories(path: string, wanted = path): boolean {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  const type = fileSystemOf(parent);
  if (type === undefined) makeDirectories(parent, wanted);
  else if (type !== CGROUP2_MAGIC) {
    const remedy = 'mount cgroup2, or use --cgroup-manager=disabled';
    refuse(wanted, 'not on a cgroup2 file system', remedy);
  }
  try {
    fs.mkdirSync(path, 0o755);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Magic number of the file system that holds `path` (statfs(2)); undefined where there is no path. */
function fileSystemOf(path: string): number | undefined {
  try {
    return fs.statfsSync(path).type;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function checkPath(path: string): void {
  const parts = path.split('/').slice(1);
  if (path.startsWith('/') && parts.every((part) => part !== '' && part !== '.' && part !== '..')) {
    return;
  }
  refuse(path, 'not an absolute path without . and ..');
}

function refuse(path: string, cause: string, remedy?: string): never {
  throw new Failed({ doing: 'create cgroup', path, cause, ...(remedy ? { remedy } : {}) });
}
