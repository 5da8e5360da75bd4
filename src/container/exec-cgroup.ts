// Which cgroup a process of `exec` is born in.

import * as fs from 'node:fs';
import { openCgroup, openCgroupOf, takesProcesses } from '../cgroup/cgroup.js';
import { fail } from '../failure.js';
import { codeOf } from '../host/system-failure.js';
import type { EnteredCgroup } from '../launch/ports.js';

/**
 * `top`, the container's cgroup, or `wanted` below it. Where the container has divided its cgroup (as
 * systemd does), the top takes no processes any more: then that of its first process `pid`, unless
 * the top was asked for by `/`. Undefined without a cgroup.
 */
export function execCgroup(
  top: string | undefined,
  pid: number,
  wanted: readonly string[] = [],
): EnteredCgroup | undefined {
  const [path, ...more] = wanted;
  if (more.length > 0) refuse(wanted.join(', '), 'cgroup version 2 has one, not several');
  const fd = top === undefined ? null : openCgroup(top);
  if (top === undefined || fd === null) {
    if (path !== undefined) refuse(path, 'the container has no cgroup');
    return undefined;
  }
  if (path === undefined && takesProcesses(top)) return { fd, path: top };
  fs.closeSync(fd);
  return path === undefined ? ofProcess(pid, top) : below(top, path);
}

function ofProcess(pid: number, top: string): EnteredCgroup {
  const fd = openCgroupOf(pid, top);
  if (fd !== null) return { fd, ...pathOf(fd) };
  return fail({
    doing: 'exec',
    path: top,
    cause: 'this cgroup is divided and takes no processes, and none below it has the first process',
    remedy: 'name one below it: exec --cgroup PATH',
  });
}

/** The container chose the names below its cgroup: they may be too many, or no text. */
function pathOf(fd: number): { path?: string } {
  try {
    const path = fs.readlinkSync(`/proc/self/fd/${fd}`);
    return path.includes('\ufffd') ? {} : { path };
  } catch (error) {
    if (codeOf(error) === 'ENAMETOOLONG') return {};
    throw error;
  }
}

function below(top: string, wanted: string): EnteredCgroup {
  const parts = wanted.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) refuse(wanted, 'leads out of the container');
  const path = [top, ...parts].join('/');
  const fd = openCgroup(path);
  if (fd !== null) return { fd, path };
  const cause = 'no such cgroup in the container';
  if (!wanted.includes(':')) return refuse(wanted, cause);
  return refuse(wanted, cause, 'leave out the controllers, cgroup version 2 has one path for all');
}

function refuse(path: string, cause: string, remedy?: string): never {
  return fail({ doing: 'exec: --cgroup', path, cause, ...(remedy && { remedy }) });
}
