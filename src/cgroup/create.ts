// Makes a container's cgroup, on a cgroup2 file system only.

import * as fs from 'node:fs';
import { Failed } from '../failure.js';
import { CGROUP2_MAGIC } from '../host/cgroup-layout.js';
import { codeOf } from '../host/system-failure.js';
import { addon } from '../native/load.js';
import { isFrozen, isPopulated } from './cgroup.js';

/**
 * What the cgroups above a container's bear that were made for one: the last of those below them to
 * go takes them along, whoever made them.
 */
const MADE_HERE = 'user.sampan';
/** How often cgroups above that others remove meanwhile are made anew. */
const TRIES = 100;
const IN_USE = 'processes of something else are in this cgroup';
const REMEDY = 'choose another linux.cgroupsPath';

/** How a cgroup is made. */
export interface CreateCgroupOptions {
  /** Whether it may lie below a cgroup that is frozen, where nothing would ever run. */
  readonly mayBeFrozen?: boolean;
  /** Told of the outermost cgroup above that is made, or was made for another container, before. */
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
  const made = tryToMake(path, makesParents, TRIES);
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

/** As `makeDirectories`, also while the last of other containers below the same cgroups is removed. */
function tryToMake(
  path: string,
  makesParents: (outermost: string) => void,
  tries: number,
): boolean {
  try {
    return makeDirectories(path, path, makesParents);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || tries === 0) throw error;
    return tryToMake(path, makesParents, tries - 1);
  }
}

/** The topmost of those above `path`, without a gap, that were made for containers; else `path`. */
function outermostOfSampan(path: string): string {
  const parent = parentOf(path);
  return addon().hasAttribute(parent, MADE_HERE) ? outermostOfSampan(parent) : path;
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
  } else {
    const outermost = outermostOfSampan(path);
    if (outermost !== wanted) makesParents(outermost);
  }
  try {
    fs.mkdirSync(path, 0o755);
    if (path !== wanted) addon().setAttribute(path, MADE_HERE);
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
