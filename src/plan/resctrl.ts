// Shares of cache and memory bandwidth by a group of resctrl (config-linux.md#intelrdt).

import type { IntelRdt } from '../spec/types.js';
import type { Situation } from './situation.js';
import type { Step } from './steps.js';

const POINTER = '/linux/intelRdt';

/** What `update` can change. */
export type Shares = Pick<IntelRdt, 'l3CacheSchema' | 'memBwSchema'>;

/** Puts the container's first process into its group, made if it may be; all others are born there. */
export function joinResctrl(situation: Situation, id: string): Step[] {
  const { intelRdt } = situation.linux;
  return intelRdt === undefined ? [] : group(situation, intelRdt, id, true);
}

/** Puts a process of `exec` there: the group is as `create` left it. */
export function joinResctrlAgain(situation: Situation, id: string): Step[] {
  const { intelRdt } = situation.linux;
  return intelRdt === undefined ? [] : group(situation, intelRdt, id, false);
}

function group({ host, notes }: Situation, intelRdt: IntelRdt, id: string, first: boolean): Step[] {
  const { resctrl } = host;
  if (resctrl === undefined) {
    notes.refuse({
      doing: 'join a class of service',
      pointer: POINTER,
      cause: 'no resctrl file system is mounted',
      remedy:
        'mount it: mount -t resctrl resctrl /sys/fs/resctrl; the processor must have Intel RDT or the like',
    });
    return [];
  }
  const { closID, schemata = [], enableMonitoring = false } = intelRdt;
  const path = `${resctrl}/${closID || id}`;
  const base = baseSchemata(intelRdt);
  // A class of service that is only named is somebody else's, and must be there.
  const make = first && (!closID || base.length > 0 || schemata.length > 0);
  return [
    {
      step: 'join-resctrl',
      path,
      make,
      base: first ? base : [],
      schemata: first ? schemata : [],
      monitor: enableMonitoring ? `${path}/mon_groups/${id}` : '',
      pointer: POINTER,
    },
  ];
}

/** Of cache and bandwidth together; a line of bandwidth among those of the cache does not count. */
export function baseSchemata({ l3CacheSchema = '', memBwSchema = '' }: Shares): string[] {
  const cache = l3CacheSchema.split('\n').filter((line) => line.trim() !== '');
  if (memBwSchema === '') return cache;
  return [...cache.filter((line) => !line.startsWith('MB:')), memBwSchema];
}
