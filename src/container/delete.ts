// `delete`: removes what is left of a container, with `force` a living one and one half made too.

import { isPopulated, removeCgroup, removeEmptyCgroup } from '../cgroup/cgroup.js';
import { removeUpTo } from '../cgroup/create.js';
import { awaitCollection, destroyCgroup } from '../cgroup/stop.js';
import { Failed, type Failure, fail } from '../failure.js';
import { waitUntil } from '../host/pause.js';
import { hasEnded, killProcess, signalProcess } from '../host/process.js';
import { attempt, codeOf, systemFailure } from '../host/system-failure.js';
import { runPoststopHooks } from '../launch/hooks.js';
import { removeResctrl } from '../launch/resctrl.js';
import type { Context } from './context.js';
import { ownsPids, signalAll } from './kill.js';
import { whileLocked } from './lock.js';
import { asContainer, type Container, halfMade, isHalfMade, statusOf } from './status.js';
import { find, isMissing, missing, removeDirectory, type Stored } from './store.js';

/** How long a killed container may take to end, in milliseconds; as long as runc waits. */
const END_MS = 10_000;
/** How long a cgroup without a known process is tried for, in milliseconds. */
const LEFTOVER_MS = 1000;

/** Throws unless the container is stopped or only created; with `force` an unknown id is fine. */
export function remove(context: Context, id: string, options: { force: boolean }): void {
  const stored = find(context.root, id);
  if (stored === null) {
    if (options.force) return;
    missing(id, context.root);
  }
  // Who has the lock may be waiting for a hook, which ends with the container's process.
  if (options.force && stored.process !== null) signalProcess(stored.process, 9);
  try {
    whileLocked(stored.path, id, () => removeNow(context, id, options.force));
  } catch (error) {
    // Another `delete` was faster; what bears the id by now may be a new container.
    if (!(options.force && isGone(error, context, id))) throw error;
  }
}

function isGone(error: unknown, context: Context, id: string): boolean {
  if (!(error instanceof Failed)) return false;
  return isMissing(error, id) || find(context.root, id) === null;
}

/** The same for who holds the lock. */
export function removeNow(context: Context, id: string, force: boolean): void {
  const stored = find(context.root, id) ?? missing(id, context.root);
  if (!force) requireRemovable(stored);
  attempt({ doing: `delete container ${id}` }, () => {
    if (stored.process !== null) stopAll(stored as Stored & Stopped);
    else if (stored.record?.cgroup) removeEmptyCgroup(stored.record.cgroup, LEFTOVER_MS);
  });
  removeParents(stored);
  attempt({ doing: 'remove the class of service' }, () => removeResctrl(stored.record?.resctrl));
  removeDirectory(stored.path);
  runPoststopHooks(stored.record?.hooks?.poststop ?? []);
}

/** The cgroups above that were made for this one, unless another container is in them by now. */
function removeParents({ record }: Stored): void {
  if (record?.cgroup === undefined || record.cgroupParents === undefined) return;
  removeUpTo(record.cgroup, record.cgroupParents);
}

type Stopped = { readonly process: NonNullable<Stored['process']> };

/** A container that is only created may be deleted, as runc does it. */
function requireRemovable(stored: Stored): void {
  if (isHalfMade(stored)) fail(halfMade(stored));
  const status = statusOf(asContainer(stored));
  if (status === 'stopped' || status === 'created') return;
  fail({
    doing: 'delete',
    cause: `cannot delete container ${stored.id} that is not stopped: ${status}`,
    remedy: `stop it first: sampan kill ${stored.id} KILL, or use delete --force`,
  });
}

function stopAll(stored: Stored & Stopped): void {
  const { id, record, process } = stored;
  const ended = hasEnded(process);
  if (record !== null && !ownsPids(stored as Container)) signalAll(stored as Container, 9);
  if (!killProcess(process, END_MS)) {
    fail({
      doing: `delete container ${id}`,
      cause: `process ${process.pid} did not end after SIGKILL`,
    });
  }
  if (record?.cgroup === undefined) return;
  const unit = record.unit !== undefined;
  // Nothing of a pid namespace outlives its first process: what is in the cgroup by now belongs to
  // another container that was given the same linux.cgroupsPath.
  const others = ended && ownsPids(stored as Container);
  try {
    if (others) leaveCgroup(record.cgroup, unit);
    else if (!destroyCgroup(record.cgroup, END_MS, unit)) refuse(id, record.cgroup);
  } catch (error) {
    throw codeOf(error) === 'EACCES' ? new Failed(notOwn(id, record.cgroup, error)) : error;
  }
}

function refuse(id: string, path: string): never {
  fail({
    doing: `delete container ${id}`,
    path,
    syscall: 'rmdir',
    errno: 'EBUSY',
    cause: 'processes that were killed are still in the cgroup',
    remedy: 'see cgroup.procs, and delete again',
  });
}

/** A container that has several users can give a cgroup below its own to another than its root. */
function notOwn(id: string, path: string, error: unknown): Failure {
  const remedy = `as root: find ${path} -depth -type d -delete; then delete again`;
  return systemFailure(error, { doing: `delete container ${id}`, path, remedy });
}

/** Removes a cgroup unless something lives in it. */
function leaveCgroup(path: string, unit: boolean): void {
  if (unit) awaitCollection(path);
  waitUntil(() => !isPopulated(path) && removeCgroup(path, 0), LEFTOVER_MS);
}
