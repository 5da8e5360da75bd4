// Controllers handed down to a cgroup (cgroups(7), "Cgroups v2 cgroup.subtree_control").

import * as fs from 'node:fs';
import { fail } from '../failure.js';
import { CALLERS, cgroupLayout } from '../host/cgroup-layout.js';
import { codeOf } from '../host/system-failure.js';

/**
 * Hands the controllers `needed` down to the cgroup `path`, from the nearest one above that has
 * them. Throws `Failed`, or the system error of a write(2).
 */
export function enableControllers(path: string, needed: readonly string[]): void {
  const missing = needed.filter((name) => !has(path, name));
  if (missing.length === 0) return;
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (!fs.existsSync(`${parent}/cgroup.controllers`)) lacking(path, missing);
  enableControllers(parent, missing);
  handDown(parent, missing);
}

/**
 * Hands every controller that there is down to the cgroup `path`, as far as that goes without moving
 * a process.
 */
export function offerControllers(path: string): void {
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (!fs.existsSync(`${parent}/cgroup.controllers`)) return;
  offerControllers(parent);
  for (const name of controllersOf(parent).filter((name) => !has(path, name))) {
    try {
      fs.writeFileSync(`${parent}/cgroup.subtree_control`, `+${name}`);
    } catch {
      // Not delegated, or processes are in the way: the container does without.
    }
  }
}

function handDown(path: string, names: readonly string[]): void {
  const words = names.map((name) => `+${name}`).join(' ');
  try {
    fs.writeFileSync(`${path}/cgroup.subtree_control`, words);
  } catch (error) {
    // A cgroup with processes hands nothing down, but for the root of all.
    if (codeOf(error) !== 'EBUSY') throw error;
    moveToLeaf(path);
    fs.writeFileSync(`${path}/cgroup.subtree_control`, words);
  }
}

/** Ours is the only cgroup whose processes may be moved: in a nested container, all that is there. */
function moveToLeaf(path: string): void {
  const { mount, own } = cgroupLayout();
  if (own === undefined || path !== `${mount}${own}`.replace(/\/$/, '')) {
    fail({
      doing: 'hand controllers down',
      path,
      cause: 'processes of something else are in this cgroup',
      remedy: 'choose a linux.cgroupsPath below a cgroup without processes',
    });
  }
  const leaf = `${path}/${CALLERS}`;
  if (!fs.existsSync(leaf)) fs.mkdirSync(leaf, 0o755);
  for (const pid of fs.readFileSync(`${path}/cgroup.procs`, 'latin1').split('\n').filter(Boolean)) {
    move(pid, leaf);
  }
}

function move(pid: string, leaf: string): void {
  try {
    fs.writeFileSync(`${leaf}/cgroup.procs`, pid);
  } catch (error) {
    // It has ended meanwhile, or is a thread of the kernel, which stays where it is.
    if (codeOf(error) !== 'ESRCH' && codeOf(error) !== 'EINVAL') throw error;
  }
}

function has(path: string, controller: string): boolean {
  return controllersOf(path).includes(controller);
}

function controllersOf(path: string): string[] {
  const text = fs.readFileSync(`${path}/cgroup.controllers`, 'latin1');
  return text.trim().split(' ').filter(Boolean);
}

function lacking(path: string, names: readonly string[]): never {
  return fail({
    doing: 'hand controllers down',
    path,
    cause: `there is no ${names.join(', ')} controller here`,
    remedy: 'see cgroup.controllers; another limit, or none, may do',
  });
}
