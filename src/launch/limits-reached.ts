// What ran into a limit of the container's own cgroup, or of one above it.

import * as fs from 'node:fs';
import { keyed, numberIn } from '../cgroup/stat-files.js';
import { Failed, type Failure } from '../failure.js';
import type { LaunchPlan } from '../plan/plan.js';

/** A limit on memory, and where it comes from. */
export interface MemoryLimit {
  readonly value: string;
  readonly pointer: string;
}

/** The limit on memory that a plan sets. */
export function memoryLimitOf({ steps }: LaunchPlan): MemoryLimit | undefined {
  for (const step of steps) {
    if (step.step !== 'limit-cgroup') continue;
    const write = step.writes.findLast(({ file }) => file === 'memory.max');
    if (write !== undefined) return write;
  }
  return undefined;
}

/** Whether the kernel killed a process of the cgroup for want of memory. */
export function ranOutOfMemory(cgroup: string | undefined): cgroup is string {
  return cgroup !== undefined && Boolean(keyed(cgroup, 'memory.events')['oom_kill']);
}

/** Why init was killed when its `cgroup` ran out of memory; undefined when it did not. */
export function outOfMemory(
  doing: string,
  cgroup: string | undefined,
  plan: LaunchPlan,
): Failure | undefined {
  if (!ranOutOfMemory(cgroup)) return undefined;
  return { doing, ...killedFor(memoryLimitOf(plan)) };
}

/** The limit on memory of a cgroup that the limits of config.json were written to. */
export function memoryLimitIn(cgroup: string): MemoryLimit | undefined {
  const value = numberIn(cgroup, 'memory.max');
  if (value === undefined) return undefined;
  return { value: String(value), pointer: '/linux/resources/memory/limit' };
}

/** The words for a process that the kernel killed for want of memory. */
export function killedFor(limit: MemoryLimit | undefined): Omit<Failure, 'doing'> {
  const cause = 'the kernel killed for want of memory';
  if (limit === undefined) {
    return { cause, remedy: 'a cgroup above it, or the machine, has none left: see dmesg' };
  }
  const { value, pointer } = limit;
  const bytes = value === 'max' ? '' : `: the container may use ${value} bytes`;
  return { pointer, cause: cause + bytes, remedy: 'give it more, or make its program need less' };
}

/** The failure, and which cgroup it was that allowed no further process (EAGAIN of clone(2)). */
export function withPidsLimit(cgroup: string | undefined, error: unknown): unknown {
  if (!(error instanceof Failed) || error.failure.errno !== 'EAGAIN') return error;
  const full = cgroup === undefined ? undefined : fullCgroup(cgroup);
  if (full === undefined) return error;
  const own = full.path === cgroup ? { pointer: '/linux/resources/pids/limit' } : {};
  return new Failed({
    ...error.failure,
    ...own,
    remedy: `${full.path} may hold ${full.most} processes and threads, and does: raise its pids.max`,
  });
}

/** The nearest cgroup from `path` upwards that is full. */
function fullCgroup(path: string): { path: string; most: number } | undefined {
  if (!fs.existsSync(`${path}/cgroup.procs`)) return undefined;
  const most = numberIn(path, 'pids.max');
  // A fork that was refused is not counted, and has left room when it needed several.
  const refused = (keyed(path, 'pids.events')['max'] ?? 0) > 0;
  const full = most !== undefined && (numberIn(path, 'pids.current') ?? 0) >= most;
  if (most !== undefined && (full || refused)) return { path, most };
  return fullCgroup(path.slice(0, path.lastIndexOf('/')));
}
