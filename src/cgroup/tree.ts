// Cgroups below a cgroup. A container that divides its own can nest them deeper than any path may
// be long (PATH_MAX), so the walk goes from directory to directory by descriptor, one at a time.

import * as fs from 'node:fs';
import { codeOf } from '../host/system-failure.js';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;

/**
 * Calls `visit` with a path to each cgroup below `top`, those below it first; the path is good during
 * the call only. What disappears meanwhile is passed over.
 */
export function visitBelow(top: string, visit: (path: string) => void): void {
  const start = open(top);
  if (start === undefined) return;
  let at = start;
  /** On the way from `top`: the names, and what is still to be visited beside them. */
  const way: string[] = [];
  const rest = [childrenOf(pathOf(at))];
  const go = (name: string): boolean => {
    const next = open(`${pathOf(at)}/${name}`);
    if (next === undefined) return false;
    fs.closeSync(at);
    at = next;
    return true;
  };
  try {
    for (;;) {
      const name = rest.at(-1)?.pop();
      if (name !== undefined) {
        if (!go(name)) continue;
        way.push(name);
        rest.push(childrenOf(pathOf(at)));
        continue;
      }
      const done = way.pop();
      // A cgroup is never moved, so its parent is the directory that it was found in.
      if (done === undefined || !go('..')) return;
      rest.pop();
      visit(`${pathOf(at)}/${done}`);
    }
  } finally {
    fs.closeSync(at);
  }
}

function pathOf(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

function open(path: string): number | undefined {
  try {
    return fs.openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** A cgroup2 file system has no symbolic links: its directories are its cgroups. */
function childrenOf(path: string): string[] {
  try {
    const entries = fs.readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENODEV'].includes(codeOf(error) ?? '');
}
