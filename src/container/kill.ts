// `kill`: a signal to the container's process, or to all its processes.

import { signalCgroup } from '../cgroup/stop.js';
import { fail } from '../failure.js';
import { signalProcess } from '../host/process.js';
import { signalPids } from '../host/signal-pids.js';
import { attempt } from '../host/system-failure.js';
import type { Context } from './context.js';
import { CLONE_NEWPID } from './namespaces.js';
import { processesOf } from './ps.js';
import { asContainer, type Container, isCreating } from './status.js';
import { load } from './store.js';

const SIGKILL = 9;

/**
 * Sends `signal`. Throws `container not running` when the process has ended, unless `all`; and while
 * the container is creating, when a signal is to have no effect (runtime.md#kill).
 */
export function kill(
  context: Context,
  id: string,
  signal: number,
  options: { all: boolean },
): void {
  const container = asContainer(load(context.root, id));
  if (isCreating(container)) refuse(id);
  attempt({ doing: `signal container ${id}` }, () => {
    // Where the pid namespace is shared, the end of the first process ends no other.
    const whole = options.all || (signal === SIGKILL && !ownsPids(container));
    if (whole && signalAll(container, signal)) return;
    const reached = container.process !== null && signalProcess(container.process, signal);
    if (!reached && !options.all) notRunning(id);
  });
}

/** Whether the container's end is the end of its process: it is pid 1 of a namespace of its own. */
export function ownsPids({ record }: Container): boolean {
  return (record.namespaces & CLONE_NEWPID) !== 0;
}

/** Signals every process of the container; whether any got it. */
export function signalAll(container: Container, signal: number): boolean {
  const { cgroup } = container.record;
  if (cgroup === undefined) return signalPids(() => processesOf(container), signal) > 0;
  return signalCgroup(cgroup, signal);
}

/** With callers the words `container not running` mean that it is gone: these are others. */
function refuse(id: string): never {
  fail({
    doing: `signal container ${id}`,
    cause: 'the container is creating: it can be signalled once create has ended',
    remedy: `wait for create, or end and remove it: sampan delete --force ${id}`,
  });
}

function notRunning(id: string): never {
  fail({ doing: `signal container ${id}`, cause: 'container not running' });
}
