// `start`: runs the program of a container that was created.

import { type Failure, fail } from '../failure.js';
import { waitUntil } from '../host/pause.js';
import { hasEnded } from '../host/process.js';
import { endedAsInit } from '../launch/ended-as-init.js';
import { runHooks } from '../launch/hooks.js';
import { killedFor, memoryLimitIn, ranOutOfMemory } from '../launch/limits-reached.js';
import { releaseStart } from '../launch/start.js';
import type { LaterHooks } from '../plan/hooks.js';
import type { Status } from '../spec/state.js';
import type { Context } from './context.js';
import { remove, removeNow } from './delete.js';
import { whileLocked } from './lock.js';
import { asContainer, type Container, statusOf } from './status.js';
import { load, START_SOCKET } from './store.js';

/** What init takes at most to end after it has said why the program cannot be executed. */
const ENDING_MS = 1000;

/**
 * Throws unless the container waits to be started, and when its program cannot be executed. When a
 * hook fails, the container is gone too (runtime.md#lifecycle).
 */
export function start(context: Context, id: string): void {
  const { path } = load(context.root, id);
  const { record, process } = whileLocked(path, id, () => {
    const container = asContainer(load(context.root, id));
    const status = statusOf(container);
    if (status !== 'created') refuse(id, status);
    if (container.record.withoutProcess) refuseToRunNothing(id);
    const { listener } = container.record;
    const failure = releaseStart(path, START_SOCKET, {
      listener,
      pid: container.process?.pid ?? 0,
    });
    if (failure === undefined) {
      checkMemory(container);
      checkBegun(container);
      return container;
    }
    // Who asks for the state next is to be told that it is stopped.
    if (container.process) hasEnded(container.process, ENDING_MS);
    if (isOfHook(failure)) removeNow(context, id, true);
    return fail(failure);
  });
  if (record.hooks?.poststart.length) poststart(context, id, record.hooks.poststart, process?.pid);
}

/** How long one that was killed may take from closing its socket to its end, in milliseconds. */
const DYING_MS = 100;

/** Who is killed on the way into the program closes the socket just as who gets there does. */
function checkMemory(container: Container): void {
  const { cgroup } = container.record;
  if (!ranOutOfMemory(cgroup)) return;
  if (!waitUntil(() => statusOf(container) === 'stopped', DYING_MS)) return;
  fail({ doing: `start container ${container.id}`, ...killedFor(memoryLimitIn(cgroup)) });
}

/** As above, whoever killed it. */
function checkBegun({ id, process }: Container): void {
  if (process === null || !endedAsInit(process.pid)) return;
  fail({
    doing: `start container ${id}`,
    cause: 'its process was killed before it executed the program',
    remedy: `delete it and create it again: sampan delete ${id}`,
  });
}

/** Without the lock, so that a hook may use every command on the container. */
export function poststart(
  context: Context,
  id: string,
  hooks: LaterHooks['poststart'],
  pid = 0,
): void {
  try {
    runHooks(hooks, pid);
  } catch (error) {
    remove(context, id, { force: true });
    throw error;
  }
}

function isOfHook({ pointer = '' }: Failure): boolean {
  return pointer.startsWith('/hooks/');
}

function refuseToRunNothing(id: string): never {
  fail({
    doing: 'start',
    pointer: '/process',
    cause: `cannot start container ${id}: config.json has no process`,
    remedy: 'delete it, add process with args and cwd, and create it again',
  });
}

function refuse(id: string, status: Status): never {
  fail({
    doing: 'start',
    cause: `cannot start container ${id}: it is ${status}, not created`,
    ...(status === 'stopped'
      ? { remedy: `delete it and create it again: sampan delete ${id}` }
      : {}),
  });
}
