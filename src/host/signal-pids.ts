// Signals to processes found by a walk, each through a pidfd.

import * as fs from 'node:fs';
import { addon } from '../native/load.js';
import { codeOf } from './system-failure.js';

/** Descriptors open at a time. */
const BATCH = 256;

/**
 * Sends `signal` to every process that `list` finds; how many got it. A pid may have been given to
 * another process since it was listed: it is listed again once its pidfd is open, and from then on
 * cannot change its meaning (pidfd_open(2)).
 */
export function signalPids(list: () => readonly number[], signal: number): number {
  const pids = list();
  let reached = 0;
  for (let at = 0; at < pids.length; at += BATCH) {
    reached += signalSome(pids.slice(at, at + BATCH), list, signal);
  }
  return reached;
}

function signalSome(pids: readonly number[], list: () => readonly number[], signal: number) {
  const opened = new Map<number, number>();
  try {
    for (const pid of pids) {
      const pidfd = unlessGone(() => addon().pidfdOpen(pid));
      if (pidfd !== undefined) opened.set(pid, pidfd);
    }
    const still = new Set(list());
    return [...opened].filter(([pid, pidfd]) => still.has(pid) && send(pidfd, signal)).length;
  } finally {
    for (const pidfd of opened.values()) fs.closeSync(pidfd);
  }
}

function send(pidfd: number, signal: number): boolean {
  return unlessGone(() => addon().pidfdSignal(pidfd, signal) ?? true) === true;
}

/** EINVAL: the pid 0 of a process outside the own pid namespace, or of a thread alone. */
function unlessGone<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (['ESRCH', 'EINVAL', 'ENOENT'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
