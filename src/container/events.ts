// `events`: what a container uses, when it waits for that, and when the kernel kills for want of memory.

import * as fs from 'node:fs';
import { keyed } from '../cgroup/stat-files.js';
import { type CgroupStats, readStats } from '../cgroup/stats.js';
import { fail } from '../failure.js';
import { attempt } from '../host/system-failure.js';
import { addon } from '../native/load.js';
import type { Context } from './context.js';
import { type PressureData, PressureWatch } from './pressure.js';
import { asContainer, type Container, statusOf } from './status.js';
import { load } from './store.js';

/** One event, as runc writes it. */
export type Event =
  | { readonly type: 'stats'; readonly id: string; readonly data: CgroupStats }
  | { readonly type: 'oom'; readonly id: string }
  | { readonly type: 'pressure'; readonly id: string; readonly data: Partial<PressureData> };

/** What `events` is asked for. */
export interface EventOptions {
  /** Milliseconds from one `stats` to the next. */
  readonly interval: number;
  /** Share of time waited, in percent, that is told as pressure; 0 for none. */
  readonly pressure: number;
  emit(event: Event): void;
}

/** What the container uses now. Throws `container not running`. */
export function stats(context: Context, id: string): Extract<Event, { type: 'stats' }> {
  const { cgroup } = running(context, id);
  return { type: 'stats', id, data: read(id, cgroup) };
}

/**
 * Emits what the container uses every `interval` milliseconds, and `oom` whenever the kernel kills a
 * process of it for want of memory, and `pressure` while its processes wait. Returns when the
 * container has ended.
 */
export function events(context: Context, id: string, options: EventOptions): void {
  const { interval, emit } = options;
  const { cgroup, container } = running(context, id);
  // The kernel tells of changes of these files (cgroup-v2.rst). Watched before the first look, so
  // that nothing happens between the two.
  const files = ['memory.events', 'cgroup.events'].map((file) => `${cgroup}/${file}`);
  const watch = attempt({ doing: `watch container ${id}` }, () => addon().watchFiles(files));
  const pressure = new PressureWatch(cgroup, options.pressure);
  let kills = killsOf(cgroup);
  const look = () => {
    const now = killsOf(cgroup);
    for (; kills < now; kills += 1) emit({ type: 'oom', id });
  };
  try {
    for (let next = performance.now() + interval; ; ) {
      look();
      if (statusOf(container) === 'stopped') return;
      const left = next - performance.now();
      if (left > 0) {
        const ms = Math.min(Math.ceil(left), LONGEST_WAIT);
        for (const told of addon().waitForChange(watch, pressure.descriptors, ms)) {
          const data = pressure.told(told);
          if (data) emit({ type: 'pressure', id, data });
        }
      } else {
        emit({ type: 'stats', id, data: read(id, cgroup) });
        next = performance.now() + interval;
      }
    }
  } finally {
    pressure.close();
    fs.closeSync(watch);
  }
}

/** poll(2) counts milliseconds in an int. */
const LONGEST_WAIT = 2 ** 31 - 1;

function running(context: Context, id: string): { cgroup: string; container: Container } {
  const doing = `read the usage of container ${id}`;
  const container = asContainer(load(context.root, id));
  if (statusOf(container) === 'stopped') fail({ doing, cause: 'container not running' });
  const { cgroup } = container.record;
  if (cgroup !== undefined) return { cgroup, container };
  return fail({
    doing,
    cause: 'the container has no cgroup of its own, which is where usage is counted',
    remedy: 'run it where a cgroup can be made: as root, or in a delegated cgroup',
  });
}

function read(id: string, cgroup: string): CgroupStats {
  return attempt({ doing: `read the usage of container ${id}` }, () => readStats(cgroup));
}

function killsOf(cgroup: string): number {
  return keyed(cgroup, 'memory.events')['oom_kill'] ?? 0;
}
