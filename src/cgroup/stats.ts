// What a cgroup uses, in the form of runc's `events`: go-runc, and so containerd, reads it.

import * as fs from 'node:fs';
import { type BlkioEntry, ioEntries } from './io-stat.js';
import { keyed, keyedBy, numberIn } from './stat-files.js';

/** Share of time in percent that processes waited (psi.rst); `total` in microseconds. */
export interface Pressure {
  readonly some: Readonly<Record<string, number>>;
  readonly full: Readonly<Record<string, number>>;
}

/** Usage and limit; the limit of what has none is 2^64-1, as runc has it. */
export interface Usage {
  readonly limit: number | bigint;
  readonly usage: number;
  readonly max?: number;
  readonly failcnt: number;
}

/** Times in nanoseconds, sizes in bytes. */
export interface CgroupStats {
  readonly cpu: {
    readonly usage: { readonly total: number; readonly kernel: number; readonly user: number };
    readonly throttling: {
      readonly periods: number;
      readonly throttledPeriods: number;
      readonly throttledTime: number;
    };
    readonly psi?: Pressure;
  };
  readonly cpuset: object;
  readonly memory: {
    readonly cache: number;
    readonly usage: Usage;
    readonly swap: Usage;
    readonly kernel: Usage;
    readonly kernelTCP: Usage;
    readonly raw: Readonly<Record<string, number>>;
    readonly psi?: Pressure;
  };
  readonly pids: { readonly current: number; readonly limit: number };
  readonly blkio: {
    readonly ioServiceBytesRecursive?: readonly BlkioEntry[];
    readonly ioServicedRecursive?: readonly BlkioEntry[];
    readonly psi?: Pressure;
  };
  readonly hugetlb: Readonly<Record<string, { usage: number; max: number; failcnt: number }>>;
  readonly intel_rdt: object;
  readonly network_interfaces: null;
}

/** Without a limit. */
const NONE = 2n ** 64n - 1n;
const NS_PER_US = 1000;

/** Reads the files of a cgroup; what has no controller is 0. */
export function readStats(path: string): CgroupStats {
  return {
    cpu: cpu(path),
    cpuset: {},
    memory: memory(path),
    pids: { current: numberIn(path, 'pids.current') ?? 0, limit: numberIn(path, 'pids.max') ?? 0 },
    blkio: { ...ioEntries(path), ...pressure(path, 'io') },
    hugetlb: hugetlb(path),
    intel_rdt: {},
    network_interfaces: null,
  };
}

function cpu(path: string): CgroupStats['cpu'] {
  const stat = keyed(path, 'cpu.stat');
  const time = (name: string) => (stat[name] ?? 0) * NS_PER_US;
  return {
    usage: { total: time('usage_usec'), kernel: time('system_usec'), user: time('user_usec') },
    throttling: {
      periods: stat['nr_periods'] ?? 0,
      throttledPeriods: stat['nr_throttled'] ?? 0,
      throttledTime: time('throttled_usec'),
    },
    ...pressure(path, 'cpu'),
  };
}

function memory(path: string): CgroupStats['memory'] {
  const raw = keyed(path, 'memory.stat');
  const events = keyed(path, 'memory.events');
  const limit = numberIn(path, 'memory.max');
  const usage = numberIn(path, 'memory.current') ?? 0;
  const max = numberIn(path, 'memory.peak');
  const swapLimit = numberIn(path, 'memory.swap.max');
  const both = limit === undefined || swapLimit === undefined ? NONE : limit + swapLimit;
  const none: Usage = { limit: 0, usage: 0, failcnt: 0 };
  return {
    cache: raw['file'] ?? 0,
    usage: {
      limit: limit ?? NONE,
      usage,
      failcnt: events['max'] ?? 0,
      ...(max === undefined ? {} : { max }),
    },
    // Together with memory, as version 1 counted it and runc still shows it.
    swap: { limit: both, usage: usage + (numberIn(path, 'memory.swap.current') ?? 0), failcnt: 0 },
    kernel: none,
    kernelTCP: none,
    raw,
    ...pressure(path, 'memory'),
  };
}

function hugetlb(path: string): CgroupStats['hugetlb'] {
  const names = fs.readdirSync(path).map((file) => /^hugetlb\.(\w+)\.current$/.exec(file)?.[1]);
  const sizes = names.filter((size) => size !== undefined);
  return Object.fromEntries(
    sizes.map((size) => {
      const usage = numberIn(path, `hugetlb.${size}.current`) ?? 0;
      const failcnt = keyed(path, `hugetlb.${size}.events`)['max'] ?? 0;
      return [size, { usage, max: 0, failcnt }];
    }),
  );
}

/** What processes may have to wait for. */
export type Awaited = 'memory' | 'cpu' | 'io';

/** Nothing where the kernel does not measure it. */
export function pressure(path: string, resource: Awaited): { psi?: Pressure } {
  const lines = keyedBy(path, `${resource}.pressure`);
  const some = lines.get('some');
  if (some === undefined) return {};
  return { psi: { some, full: lines.get('full') ?? {} } };
}
