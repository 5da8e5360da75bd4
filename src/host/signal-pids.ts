// Signals to processes found by a walk, each through a pidfd.

import { signalProcess, statProcess } from './process.js';

/** Sends `signal` to every process of `pids` that still lives; how many got it. */
export function signalPids(pids: readonly number[], signal: number): number {
  let reached = 0;
  for (const pid of pids) {
    const stat = statProcess(pid);
    if (stat !== null && signalProcess(stat, signal)) reached += 1;
  }
  return reached;
}
