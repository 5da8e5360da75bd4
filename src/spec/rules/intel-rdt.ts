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
    schema(given, 'l3CacheSchema', 'L3', to);
    schema(given, 'memBwSchema', 'MB', to);
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

function schema(
  given: IntelRdt,
  name: 'l3CacheSchema' | 'memBwSchema',
  resource: string,
  to: Problems,
): void {
  const value = given[name];
  if (!value) return;
  // What begins with MB: in the lines of L3 gives way to memBwSchema.
  const lines = name === 'l3CacheSchema' ? value.split('\n') : [value];
  if (lines.every((line) => /^(L3(CODE|DATA)?|MB):/.test(line) && !line.includes('\n'))) {
    if (lines.some((line) => line.startsWith(resource))) return;
  }
  to.error(`${POINTER}/${name}`, `must be a line that begins with ${resource}:, not "${value}"`);
}
