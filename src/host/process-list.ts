// Which processes belong together, for containers without a cgroup of their own.

import * as fs from 'node:fs';
import { type ProcessStat, statProcess } from './process.js';

/** Every process in the pid namespace of `pid`, itself included; only those that may be looked at. */
export function pidNamespaceMembers(pid: number): number[] {
  const own = namespaceOf(pid);
  return own === null ? [] : allPids().filter((other) => namespaceOf(other) === own);
}

/** A process and all its descendants that were not reparented. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const stat of allStats()) {
    const siblings = children.get(stat.parent);
    if (siblings) siblings.push(stat.pid);
    else children.set(stat.parent, [stat.pid]);
  }
  const found = [pid];
  for (const member of found) found.push(...(children.get(member) ?? []));
  return found;
}

function allPids(): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function allStats(): ProcessStat[] {
  return allPids().flatMap((pid) => statProcess(pid) ?? []);
}

/** The link's text, `pid:[4026531836]`; null where the process is gone or not ours to look at. */
function namespaceOf(pid: number): string | null {
  try {
    return fs.readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}
