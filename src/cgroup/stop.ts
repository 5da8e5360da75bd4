// Stops everything in a cgroup, also where the kernel has no cgroup.kill.

import * as fs from 'node:fs';
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

/** How long systemd may take to remove a unit's cgroup in which nothing is left, in milliseconds. */
const COLLECT_MS = 5000;

/**
 * Lets systemd see that a unit's cgroup is empty, and remove it. Once somebody else has done that the
 * kernel may have nothing left to tell systemd by, and the unit stays active for ever.
 */
export function awaitCollection(path: string): void {
  waitUntil(() => !fs.existsSync(path) || isPopulated(path), COLLECT_MS);
}

/**
 * Kills all that is in the cgroup and removes it; whether it is gone within `ms`. That of a `unit`
 * systemd removes.
 */
export function destroyCgroup(path: string, ms: number, unit = false): boolean {
  if (!unit && removeCgroup(path, 0)) return true;
  waitUntil(() => {
    if (!isPopulated(path)) return true;
    signalCgroup(path, 9);
    return !isPopulated(path);
  }, ms);
  if (unit) awaitCollection(path);
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
