// Makes a container's cgroup, on a cgroup2 file system only.

import * as fs from 'node:fs';
import { Failed } from '../failure.js';
import { CGROUP2_MAGIC } from '../host/cgroup-layout.js';
import { codeOf } from '../host/system-failure.js';
import { isFrozen, isPopulated } from './cgroup.js';

const IN_USE = 'processes of something else are in this cgroup';
const REMEDY = 'choose another linux.cgroupsPath';

/** How a cgroup is made. */
export interface CreateCgroupOptions {
  /** Whether it may lie below a cgroup that is frozen, where nothing would ever run. */
  readonly mayBeFrozen?: boolean;
  /** Told of the outermost cgroup above that is missing, before it is made. */
  makesParents?(outermost: string): void;
}

/**
 * Makes the cgroup at the absolute host path `path`, with those above it, and opens its directory
 * for CLONE_INTO_CGROUP. One that exists is taken only when no process is in it. Throws `Failed`,
 * or the system error of mkdir(2).
 */
export function createCgroup(path: string, options: CreateCgroupOptions = {}): number {
  checkPath(path);
  let outermost = path;
  const makesParents = (parent: string) => {
    outermost = parent;
    options.makesParents?.(parent);
  };
  const made = makeDirectories(path, path, makesParents);
  if (!made && isPopulated(path)) refuse(path, IN_USE, REMEDY);
  if ((!made || options.mayBeFrozen) && isFrozen(path)) {
    if (made) removeUpTo(path, outermost);
    refuse(path, 'this cgroup is frozen', REMEDY);
  }
  return fs.openSync(
    path,
    fs.constants.O_RDONLY | fs.constants.O_DIRECTORY | fs.constants.O_NOFOLLOW,
  );
}

/** `path` and what is above it up to `outermost`, which is one of them. */
export function foldersUpTo(path: string, outermost: string): string[] {
  if (path === outermost) return [path];
  if (!path.startsWith(`${outermost}/`)) return [];
  return [path, ...foldersUpTo(parentOf(path), outermost)];
}

/** Removes the cgroups from `path` up to `outermost`; the first that is in use ends it. */
export function removeUpTo(path: string, outermost: string): void {
  for (const folder of foldersUpTo(path, outermost)) {
    try {
      fs.rmdirSync(folder);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') return;
    }
  }
}

/** Whether the last directory was made here. Nothing is made outside a cgroup2 file system. */
function makeDirectories(
  path: string,
  wanted: string,
  makesParents: (outermost: string) => void,
): boolean {
  const parent = parentOf(path);
  const type = fileSystemOf(parent);
  if (type === undefined) makeDirectories(parent, wanted, makesParents);
  else if (type !== CGROUP2_MAGIC) {
    const remedy = 'mount cgroup2, or use --cgroup-manager=disabled';
    refuse(wanted, 'not on a cgroup2 file system', remedy);
  } else if (path !== wanted) makesParents(path);
  try {
    fs.mkdirSync(path, 0o755);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
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
