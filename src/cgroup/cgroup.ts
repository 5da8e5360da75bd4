// One cgroup of version 2, through its files (cgroups(7), the kernel's cgroup-v2.rst).

import * as fs from 'node:fs';
import { waitUntil } from '../host/pause.js';
import { codeOf, isSystemError } from '../host/system-failure.js';
import { addon } from '../native/load.js';

/** What open(2) says of a path that is no directory: a file of a cgroup, or no name at all. */
const NO_CGROUP = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;

/** Opens the directory of a cgroup that exists; null where it does not. */
export function openCgroup(path: string): number | null {
  const open = () => fs.openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    return open();
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (NO_CGROUP.includes(code)) return null;
    if (code === 'EACCES' && isUnlocked(path)) return open();
    throw error;
  }
}

/** A container that runs as the user who calls can take his permissions away. */
function isUnlocked(path: string): boolean {
  try {
    fs.chmodSync(path, 0o700);
    return true;
  } catch {
    return false;
  }
}

/** Pids in the cgroup and in those below it. A cgroup that is gone holds none. */
export function listProcesses(path: string): number[] {
  return inTree(path, (top) => addon().processesInTree(top)) ?? [];
}

/**
 * What a walk below a cgroup gives; undefined where the cgroup does not exist. The container names what
 * is below, and its names need not be text: none becomes a path.
 */
function inTree<T>(path: string, walk: (top: number) => T): T | undefined {
  const top = openCgroup(path);
  if (top === null) return undefined;
  try {
    return walk(top);
  } catch (error) {
    if (isSystemError(error)) Object.assign(error, { path });
    throw error;
  } finally {
    fs.closeSync(top);
  }
}

/** Whether the cgroup or one below holds a process. */
export function isPopulated(path: string): boolean {
  const populated = /^populated ([01])$/m.exec(readIfThere(`${path}/cgroup.events`))?.[1];
  return populated === undefined ? listProcesses(path).length > 0 : populated === '1';
}

/** Whether every process in it is frozen. */
export function isFrozen(path: string): boolean {
  return /^frozen 1$/m.test(readIfThere(`${path}/cgroup.events`));
}

/** Whether processes may be put into it: a group that hands controllers down takes none (cgroups(7)). */
export function takesProcesses(path: string): boolean {
  return readIfThere(`${path}/cgroup.subtree_control`).trim() === '';
}

/** The open directory of the cgroup that process `pid` is in, at `top` or below it; null elsewhere. */
export function openCgroupOf(pid: number, top: string): number | null {
  const fd = inTree(top, (at) => addon().cgroupOfProcess(at, pid)) ?? -1;
  return fd < 0 ? null : fd;
}

/**
 * Writes to a file of a cgroup. Nothing is made where there is none, and nothing read: cgroup.kill may
 * only be written, by its owner too.
 */
export function writeTo(path: string, value: string): void {
  const fd = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NOFOLLOW);
  try {
    fs.writeSync(fd, value);
  } finally {
    fs.closeSync(fd);
  }
}

/** The same for a file of the cgroup `path` that a container may have locked. */
function writeIn(path: string, name: string, value: string): void {
  const file = `${path}/${name}`;
  try {
    writeTo(file, value);
  } catch (error) {
    if (codeOf(error) !== 'EACCES' || !isUnlocked(path) || !isUnlocked(file)) throw error;
    writeTo(file, value);
  }
}

/** Freezes or thaws it, and waits until that is so or `ms` have passed; whether it is so. */
export function setFrozen(path: string, frozen: boolean, ms: number): boolean {
  writeIn(path, 'cgroup.freeze', frozen ? '1' : '0');
  return waitUntil(() => isFrozen(path) === frozen, ms);
}

/** SIGKILL to every process in it and below, at once; false where the kernel (before 5.14) cannot. */
export function killCgroup(path: string): boolean {
  try {
    writeIn(path, 'cgroup.kill', '1');
    return true;
  } catch (error) {
    if (['ENOENT', 'ENODEV'].includes(codeOf(error) ?? '')) return !fs.existsSync(path);
    // A cgroup that the container has given the name that is free on such a kernel.
    if (codeOf(error) === 'EISDIR') return false;
    throw error;
  }
}

/**
 * Removes the cgroup and those below it. A process that was killed stays in its cgroup until it is
 * reaped, so EBUSY is tried again for `ms`. Whether it is gone.
 */
export function removeCgroup(path: string, ms: number): boolean {
  return waitUntil(() => removeOnce(path), ms);
}

/**
 * Removes a cgroup that a killed launch may have made; one that something else uses, or that has
 * cgroups below it, stays.
 */
export function removeEmptyCgroup(path: string, ms: number): void {
  waitUntil(() => {
    try {
      fs.rmdirSync(path);
    } catch (error) {
      return codeOf(error) !== 'EBUSY';
    }
    return true;
  }, ms);
}

function removeOnce(path: string): boolean {
  if (removed(path)) return true;
  inTree(path, (top) => addon().removeCgroupsBelow(top));
  return removed(path);
}

/** Whether it is gone; EBUSY is a process or a cgroup in it. */
function removed(path: string): boolean {
  try {
    fs.rmdirSync(path);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (!['ENOENT', 'ENODEV', 'EBUSY'].includes(code)) throw error;
    return code !== 'EBUSY';
  }
  return true;
}

/** EACCES: a container that runs as the user who calls can take his permissions away. */
const NOTHING_TO_READ = ['ENOENT', 'ENODEV', 'EACCES'];

function readIfThere(path: string): string {
  try {
    return fs.readFileSync(path, 'latin1');
  } catch (error) {
    if (NOTHING_TO_READ.includes(codeOf(error) ?? '')) return '';
    throw error;
  }
}
