// `pause` and `resume`: the whole container stands still, by its cgroup (cgroup-v2.rst, cgroup.freeze).

import { setFrozen } from '../cgroup/cgroup.js';
import { fail } from '../failure.js';
import { attempt } from '../host/system-failure.js';
import type { Status } from '../spec/state.js';
import type { Context } from './context.js';
import { whileLocked } from './lock.js';
import { asContainer, statusOf } from './status.js';
import { load } from './store.js';

/** How long processes may take to stand still, in milliseconds: one in a system call ends that first. */
const FREEZE_MS = 10_000;

/** Freezes every process of the container and waits until all stand. Throws unless it is created or running. */
export function pause(context: Context, id: string): void {
  const doing = `pause container ${id}`;
  inCgroup(context, id, { doing, from: ['created', 'running'] }, (cgroup) => {
    if (setFrozen(cgroup, true, FREEZE_MS)) return;
    setFrozen(cgroup, false, 0);
    fail({
      doing,
      path: cgroup,
      cause: `its processes did not all stop within ${FREEZE_MS / 1000} s`,
      remedy: 'one of them waits in the kernel: see `ps -eo pid,stat,wchan,args`, and pause again',
    });
  });
}

/** Lets them go on. Throws unless the container is paused. */
export function resume(context: Context, id: string): void {
  const doing = `resume container ${id}`;
  inCgroup(context, id, { doing, from: ['paused'] }, (cgroup) => {
    if (setFrozen(cgroup, false, FREEZE_MS)) return;
    fail({ doing, path: cgroup, cause: 'a cgroup above it is frozen', remedy: 'thaw that one' });
  });
}

/** Under the lock: the cgroup of a container that is deleted meanwhile may become another's. */
function inCgroup(
  context: Context,
  id: string,
  { doing, from }: { readonly doing: string; readonly from: readonly Status[] },
  act: (cgroup: string) => void,
): void {
  const { path } = load(context.root, id);
  whileLocked(path, id, () => {
    const container = asContainer(load(context.root, id));
    const status = statusOf(container);
    // The words that callers of runc look for.
    const stopped = status === 'stopped' ? 'container not running' : undefined;
    if (!from.includes(status)) fail({ doing, cause: stopped ?? `the container is ${status}` });
    const { cgroup } = container.record;
    if (cgroup === undefined) return fail({ doing, ...noCgroup });
    return attempt({ doing, path: cgroup }, () => act(cgroup));
  });
}

const noCgroup = {
  cause: 'the container has no cgroup of its own, which is what is frozen',
  remedy: 'run it where a cgroup can be made: as root, or in a delegated cgroup',
};
