// `ps`: the processes of a container, as pids of the host.

import * as fs from 'node:fs';
import { listProcesses, openCgroup } from '../cgroup/cgroup.js';
import { descendants, pidNamespaceMembers } from '../host/process-list.js';
import { attempt } from '../host/system-failure.js';
import type { Context } from './context.js';
import { CLONE_NEWPID } from './namespaces.js';
import { asContainer, type Container, statusOf } from './status.js';
import { load } from './store.js';

/** Host pids, ascending. */
export function ps(context: Context, id: string): readonly number[] {
  const container = asContainer(load(context.root, id));
  return attempt({ doing: `list the processes of container ${id}` }, () => processesOf(container));
}

/** By the cgroup where there is one, else by the pid namespace, else by parentage. */
export function processesOf(container: Container): number[] {
  const { record, process } = container;
  if (record.cgroup !== undefined && exists(record.cgroup))
    return listProcesses(record.cgroup).sort(ascending);
  if (process === null || statusOf(container) === 'stopped') return [];
  const owned = (record.namespaces & CLONE_NEWPID) !== 0;
  return (owned ? pidNamespaceMembers(process.pid) : descendants(process.pid)).sort(ascending);
}

function exists(cgroup: string): boolean {
  const fd = openCgroup(cgroup);
  if (fd !== null) fs.closeSync(fd);
  return fd !== null;
}

function ascending(a: number, b: number): number {
  return a - b;
}
