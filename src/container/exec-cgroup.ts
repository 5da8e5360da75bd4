// Which cgroup a process of `exec` is born in.

import * as fs from 'node:fs';
import { openCgroup, ownCgroupOf, takesProcesses } from '../cgroup/cgroup.js';
import { fail } from '../failure.js';
import type { Container } from './status.js';

/**
 * The container's cgroup, or `wanted` below it. Where the container has divided its cgroup (as
 * systemd does), the top takes no processes any more: then that of its first process, unless the
 * top was asked for by `/`. Undefined without a cgroup.
 */
export function execCgroup(
  container: Container,
  wanted: readonly string[] = [],
): string | undefined {
  const top = container.record.cgroup;
  const [path, ...more] = wanted;
  if (more.length > 0) refuse(wanted.join(', '), 'cgroup version 2 has one, not several');
  if (top === undefined || !exists(top)) {
    if (path !== undefined) refuse(path, 'the container has no cgroup');
    return undefined;
  }
  if (path !== undefined) return below(top, path);
  if (takesProcesses(top) || container.process === null) return top;
  return ownCgroupOf(container.process.pid, top) ?? top;
}

function below(top: string, path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) refuse(path, 'leads out of the container');
  const full = [top, ...parts].join('/');
  if (exists(full)) return full;
  const cause = 'no such cgroup in the container';
  if (!path.includes(':')) return refuse(path, cause);
  return refuse(path, cause, 'leave out the controllers, cgroup version 2 has one path for all');
}

function exists(path: string): boolean {
  const fd = openCgroup(path);
  if (fd !== null) fs.closeSync(fd);
  return fd !== null;
}

function refuse(path: string, cause: string, remedy?: string): never {
  return fail({ doing: 'exec: --cgroup', path, cause, ...(remedy && { remedy }) });
}
