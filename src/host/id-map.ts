// The maps of a user namespace as /proc/PID/uid_map and gid_map have them (user_namespaces(7)).

import * as fs from 'node:fs';
import type { HostFacts, SubIdRange } from './facts.js';

/** One line: ids from `inside` on are those from `outside` on in the reader's namespace. */
interface IdMapLine {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** The lines of a map; none before it is written. */
export function parseIdMap(text: string): IdMapLine[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [inside = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number);
    return { inside, outside, count };
  });
}

/** The reader's name for `id` of the namespace; undefined where it is not mapped. */
export function idOutside(id: number, map: string): number | undefined {
  const line = parseIdMap(map).find(({ inside, count }) => id >= inside && id < inside + count);
  return line && line.outside + id - line.inside;
}

/** The ids that there are in the own user namespace. */
export function mappedIds(): HostFacts['mappedIds'] {
  return { uid: insideOf('/proc/self/uid_map'), gid: insideOf('/proc/self/gid_map') };
}

/** Whether setgroups(2) is allowed in the own user namespace; a denial holds in all below it. */
export function setgroupsAllowed(): boolean {
  return !fs.readFileSync('/proc/self/setgroups', 'latin1').startsWith('deny');
}

function insideOf(path: string): SubIdRange[] {
  const lines = parseIdMap(fs.readFileSync(path, 'latin1'));
  return lines.map(({ inside, count }) => ({ start: inside, count }));
}
