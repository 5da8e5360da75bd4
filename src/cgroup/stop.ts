// Stops everything in a cgroup, also where the kernel has no cgroup.kill.

import { waitUntil } from '../host/pause.js';
import { signalPids } from '../host/signal-pids.js';
import { isPopulated, killCgroup, listProcesses, removeCgroup, setFrozen } from './cgroup.js';

/** Longest wait for frozen processes, in milliseconds; a process in the kernel may take longer. */
const FREEZE_MS = 500;

/** Sends `signal` to every process in the cgroup; whether any got it. */
export function signalCgroup(path: string, signal: number): boolean {
  // The killed may be gone before it can be asked again. No walk: the container could go on nesting.
  const present = signal === 9 && isPopulated(path);
  if (signal === 9 && killCgroup(path)) return present;
  // A frozen cgroup cannot fork away from the walk.
  const thaw = freeze(path);
  try {
    return signalPids(() => listProcesses(path), signal) > 0;
  } finally {
    thaw();
  }
}

/** Kills all that is in the cgroup and removes it; whether it is gone within `ms`. */
export function destroyCgroup(path: string, ms: number): boolean {
  if (removeCgroup(path, 0)) return true;
  waitUntil(() => {
    if (!isPopulated(path)) return true;
    signalCgroup(path, 9);
    return !isPopulated(path);
  }, ms);
  return removeCgroup(path, ms);
}

function freeze(path: string): () => void {
  try {
    setFrozen(path, true, FREEZE_MS);
    return () => void setFrozen(path, false, 0);
  } catch {
    return () => {};
  }
}
