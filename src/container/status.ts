// Which of the statuses of runtime.md#state a container has, from what the kernel says of it.

import { isFrozen } from '../cgroup/cgroup.js';
import { type Failure, fail } from '../failure.js';
import { isAlive } from '../host/process.js';
import type { Status } from '../spec/state.js';
import type { ContainerRecord } from './record.js';
import { lstatIfThere } from './root.js';
import { CREATING, START_SOCKET, type Stored } from './store.js';

/** A state directory that is a container. */
export interface Container extends Stored {
  readonly record: ContainerRecord;
}

/** Whether a state directory was left by a `create` that was killed. */
export function isHalfMade(stored: Stored): boolean {
  if (stored.record === null) return true;
  return stored.process === null && !isAlive(stored.record.creator);
}

/** The container in a state directory; throws when it was left half made. */
export function asContainer(stored: Stored): Container {
  if (isHalfMade(stored)) fail(halfMade(stored));
  return stored as Container;
}

/** What to say of a state directory that was left half made. */
export function halfMade({ id, path }: Stored): Failure {
  return {
    doing: `container ${id}`,
    path,
    cause: 'left half made by a create that was killed',
    remedy: `remove it: sampan delete --force ${id}`,
  };
}

/** Whether hooks of its creation run, or it has no process yet. */
export function isCreating({ path, process }: Container): boolean {
  if (process === null) return true;
  return lstatIfThere(`${path}/${CREATING}`) !== null && isAlive(process);
}

/** The status now. */
export function statusOf(container: Container): Status {
  const { path, record, process } = container;
  if (process === null || isCreating(container)) return 'creating';
  if (!isAlive(process)) return 'stopped';
  if (record.cgroup !== undefined && isFrozen(record.cgroup)) return 'paused';
  return lstatIfThere(`${path}/${START_SOCKET}`) === null ? 'running' : 'created';
}
