// The maps of a new user namespace (user_namespaces(7)).

import * as fs from 'node:fs';
import { fail } from '../failure.js';
import { idOutside } from '../host/id-map.js';
import { findHelper } from '../host/id-ranges.js';
import type { Addon } from '../native/addon.js';
import type { IdRange, RuntimeStep } from '../plan/steps.js';

/** Both maps, and who writes them. */
export type IdMaps = Pick<
  Extract<RuntimeStep, { step: 'write-id-maps' }>,
  'method' | 'uid' | 'gid'
>;

/** Writes both maps of the process's user namespace. Throws `Failed` or the system error. */
export function writeIdMaps(pid: number, step: IdMaps, addon: Pick<Addon, 'runHelper'>): void {
  if (step.method === 'helper') {
    runHelper('newuidmap', pid, step.uid, addon);
    runHelper('newgidmap', pid, step.gid, addon);
    return;
  }
  // Without CAP_SETGID above, a group map needs setgroups(2) to be given up first (CVE-2014-8989).
  if (step.method === 'single') writeOnce(`/proc/${pid}/setgroups`, 'deny');
  writeOnce(`/proc/${pid}/uid_map`, lines(step.uid));
  writeOnce(`/proc/${pid}/gid_map`, lines(step.gid));
}

/** The user here that `uid` in the user namespace of process `pid` is; undefined for nobody. */
export function hostUserOf(pid: number, uid: number): number | undefined {
  return idOutside(uid, fs.readFileSync(`/proc/${pid}/uid_map`, 'latin1'));
}

/** The kernel takes a map in one write(2) only. */
function writeOnce(path: string, text: string): void {
  const fd = fs.openSync(path, 'w');
  try {
    fs.writeSync(fd, text);
  } catch (error) {
    throw Object.assign(error as Error, { path });
  } finally {
    fs.closeSync(fd);
  }
}

function lines(ranges: readonly IdRange[]): string {
  return ranges.map((r) => `${r.containerId} ${r.hostId} ${r.size}\n`).join('');
}

function runHelper(
  name: string,
  pid: number,
  ranges: readonly IdRange[],
  addon: Pick<Addon, 'runHelper'>,
): void {
  const path = findHelper(name);
  if (path === undefined) {
    fail({ doing: 'write id maps', cause: `${name} is not installed`, remedy: 'install uidmap' });
  }
  const numbers = ranges.flatMap((r) => [r.containerId, r.hostId, r.size]);
  const { status, output } = addon.runHelper(path, [pid, ...numbers].map(String));
  if (status === 0) return;
  const file = name === 'newuidmap' ? '/etc/subuid' : '/etc/subgid';
  fail({
    doing: `write id maps with ${path}`,
    cause: output.trim().replaceAll('\n', ', ') || `it ended with status ${status}`,
    remedy: `see that the ranges are yours in ${file} and that ${path} is setuid root`,
  });
}
