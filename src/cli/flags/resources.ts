// The flags of `update`, and the `linux.resources` that they come to.

import { fail } from '../../failure.js';
import { log } from '../../log.js';
import type { Resources } from '../../spec/types.js';
import { parseBytes } from '../number.js';
import { type Flags, given, type Values } from '../verb.js';

const MOST = Number.MAX_SAFE_INTEGER;

/** A whole number from `min`. */
const number = (min: number, value: string, description: string, max = MOST) =>
  ({ type: 'number', value, min, max, description }) as const;
/** A number of bytes. */
const bytes = (description: string) =>
  ({
    type: 'text',
    value: 'BYTES',
    description: `${description}; also 512M; -1 for none`,
  }) as const;
const text = (value: string, description: string) =>
  ({ type: 'text', value, description }) as const;
const old = (description: string) =>
  ({ type: 'text', value: 'BYTES', hidden: true, description }) as const;

export const resourceFlags = {
  resources: {
    type: 'file',
    alias: 'r',
    value: 'FILE',
    description:
      'JSON file with linux.resources, - for standard input; other flags then do not count',
  },
  'blkio-weight': number(0, 'N', 'weight of block I/O, 10 to 1000', 1000),
  'cpu-period': number(0, 'US', 'period of the CPU quota, in microseconds', 1_000_000),
  'cpu-quota': number(-1, 'US', 'CPU time in a period, in microseconds; -1 for no limit'),
  'cpu-burst': number(0, 'US', 'CPU time that may be saved up, in microseconds'),
  'cpu-share': number(0, 'N', 'CPU shares, 2 to 262144'),
  'cpu-rt-period': number(0, 'US', 'cgroup version 1 only'),
  'cpu-rt-runtime': number(-1, 'US', 'cgroup version 1 only'),
  'cpu-idle': number(0, 'N', '1 for the time that nobody else wants', 1),
  'cpuset-cpus': text('LIST', 'CPUs to run on, such as 0-2,5'),
  'cpuset-mems': text('LIST', 'memory nodes to use'),
  memory: bytes('limit of memory'),
  'memory-reservation': bytes('memory that is reclaimed last'),
  'memory-swap': bytes('limit of memory and swap together'),
  'kernel-memory': old('counted by --memory'),
  'kernel-memory-tcp': old('counted by --memory'),
  'pids-limit': number(-1, 'N', 'processes and threads; -1 for no limit'),
  'l3-cache-schema': text('SCHEMA', 'Intel RDT: share of the L3 cache'),
  'mem-bw-schema': text('SCHEMA', 'Intel RDT: share of the memory bandwidth'),
} as const satisfies Flags;

/** What the flags ask for; an empty group is none. */
export function resourcesOf(flags: Values<typeof resourceFlags>): Resources {
  warnOld(flags);
  return {
    ...group('memory', {
      limit: size('memory', flags.memory),
      reservation: size('memory-reservation', flags['memory-reservation']),
      swap: size('memory-swap', flags['memory-swap']),
    }),
    ...group('cpu', {
      shares: flags['cpu-share'],
      quota: flags['cpu-quota'],
      period: flags['cpu-period'],
      burst: flags['cpu-burst'],
      idle: flags['cpu-idle'],
      cpus: flags['cpuset-cpus'],
      mems: flags['cpuset-mems'],
      realtimePeriod: flags['cpu-rt-period'],
      realtimeRuntime: flags['cpu-rt-runtime'],
    }),
    ...group('pids', { limit: flags['pids-limit'] }),
    ...group('blockIO', { weight: flags['blkio-weight'] }),
  };
}

function group(name: keyof Resources, limits: object): Resources {
  const set = given(limits);
  return Object.keys(set).length === 0 ? {} : { [name]: set };
}

function size(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  return (
    parseBytes(value) ??
    fail({
      doing: `update: --${flag}`,
      path: JSON.stringify(value),
      cause: 'expected a number of bytes, such as 1048576 or 512M, or -1',
    })
  );
}

function warnOld(flags: Values<typeof resourceFlags>): void {
  for (const name of ['kernel-memory', 'kernel-memory-tcp'] as const) {
    if (flags[name] !== undefined)
      log('warning', `update: --${name} is ignored: --memory counts it`);
  }
}
