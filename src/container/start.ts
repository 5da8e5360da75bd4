// `start`: runs the program of a container that was created.

import { fail } from '../failure.js';
import { releaseStart } from '../launch/start.js';
import type { Status } from '../spec/state.js';
import type { Context } from './context.js';
import { whileLocked } from './lock.js';
import { asContainer, statusOf } from './status.js';
import { load, START_SOCKET } from './store.js';

/** Throws unless the container waits to be started, and when its program cannot be executed. */
export function start(context: Context, id: string): void {
  const { path } = load(context.root, id);
  whileLocked(path, id, () => {
    const status = statusOf(asContainer(load(context.root, id)));
    if (status !== 'created') refuse(id, status);
    releaseStart(path, START_SOCKET);
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
