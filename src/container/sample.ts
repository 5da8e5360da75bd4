// One look at what containers use, for `stats`.

import { type CgroupStats, readStats } from '../cgroup/stats.js';
import type { Context } from './context.js';
import { stats } from './events.js';
import { list } from './list.js';
import { asContainer } from './status.js';
import { load } from './store.js';

/** What one container used up to a moment, `at` in milliseconds. */
export interface Sample {
  readonly id: string;
  readonly at: number;
  readonly stats: CgroupStats;
}

/** The containers named, which must run; without names all that run and have a cgroup. */
export function sample(context: Context, ids?: readonly string[]): Sample[] {
  if (ids !== undefined) {
    return ids.map((id) => ({ id, at: performance.now(), stats: stats(context, id).data }));
  }
  const running = list(context).filter(({ status }) => status !== 'stopped');
  return running.flatMap(({ id }) => {
    const { cgroup } = asContainer(load(context.root, id)).record;
    return cgroup === undefined ? [] : [{ id, at: performance.now(), stats: readStats(cgroup) }];
  });
}
