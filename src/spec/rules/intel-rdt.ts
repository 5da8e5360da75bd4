// Shares of cache and memory bandwidth (config-linux.md#intelrdt).

import type { Problems } from '../problem.js';
import type { IntelRdt } from '../types.js';
import type { Rule } from './rule.js';

const POINTER = '/linux/intelRdt';

/** The class is the name of a directory, and schemas are lines of the schemata file. */
export const intelRdt: Rule = {
  reads: [POINTER],
  check({ linux }, to) {
    const given = linux?.intelRdt;
    if (given === undefined) return;
    classOfService(given, to);
    schemas(given, to);
    for (const name of ['enableCMT', 'enableMBM'] as const) {
      if (given[name]) to.warning(`${POINTER}/${name}`, 'ended with 1.3, use enableMonitoring');
    }
  },
};

/** What lies in resctrl besides classes of service. */
const RESERVED = ['.', '..', 'info', 'mon_groups', 'mon_data'];

function classOfService({ closID }: IntelRdt, to: Problems): void {
  if (!closID || !(RESERVED.includes(closID) || /[/\n]/.test(closID))) return;
  to.error(`${POINTER}/closID`, `must be the name of a directory below resctrl, not "${closID}"`);
}

/** That of memory bandwidth must be one line of its own; other lines in that of the cache are as written. */
function schemas({ l3CacheSchema, memBwSchema }: IntelRdt, to: Problems): void {
  if (l3CacheSchema && !/^L3(CODE|DATA)?:/m.test(l3CacheSchema)) {
    to.warning(`${POINTER}/l3CacheSchema`, `should begin with L3:, not "${l3CacheSchema}"`);
  }
  if (memBwSchema && !/^MB:[^\n]*$/.test(memBwSchema)) {
    to.error(`${POINTER}/memBwSchema`, `must be a line that begins with MB:, not "${memBwSchema}"`);
  }
}
