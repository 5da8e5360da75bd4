// Processes of this machine, told apart by pid and start time so that a recycled pid is never met.

import * as fs from 'node:fs';
import { addon } from '../native/load.js';
import { codeOf } from './system-failure.js';

/** A process for as long as it lives. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat (proc_pid_stat(5)). */
  readonly startTime: number;
}

/** One look at a process. `state` is the letter of /proc/PID/stat; `parent` its parent's pid. */
export interface ProcessStat extends ProcessIdentity {
  /** At most 15 bytes of its own choice. */
  readonly name: string;
  readonly state: string;
  readonly parent: number;
}

/** Reads /proc/PID/stat; null when there is no such process. */
export function statProcess(pid: number): ProcessStat | null {
  let text: string;
  try {
    text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
  return parseStat(text);
}

/** The name in field 2 may hold spaces and parentheses: the fields are counted from the last `)`. */
export function parseStat(text: string): ProcessStat {
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  return {
    pid: Number.parseInt(text, 10),
    name: text.slice(text.indexOf('(') + 1, end),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    startTime: Number(fields[19]),
  };
}

/** Whether a process still runs; a zombie does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  const stat = statProcess(identity.pid);
  return stat !== null && stat.startTime === identity.startTime && !'ZX'.includes(stat.state);
}

/**
 * A pidfd for exactly this process, or null when it has ended. The start time is compared after
 * the descriptor is open: from then on the pid cannot change its meaning (pidfd_open(2)).
 */
export function openProcess(identity: ProcessIdentity): number | null {
  const pidfd = openAny(identity);
  if (pidfd === null || isAlive(identity)) return pidfd;
  fs.closeSync(pidfd);
  return null;
}

/** The same, for a zombie too: its main thread has ended, but others may go on. */
function openAny(identity: ProcessIdentity): number | null {
  let pidfd: number;
  try {
    pidfd = addon().pidfdOpen(identity.pid);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return null;
    throw error;
  }
  if (statProcess(identity.pid)?.startTime === identity.startTime) return pidfd;
  fs.closeSync(pidfd);
  return null;
}

/** Whether the last thread of a process has ended, or ends within `ms`. */
export function hasEnded(identity: ProcessIdentity, ms = 0): boolean {
  const pidfd = openAny(identity);
  if (pidfd === null) return true;
  try {
    return addon().waitEnded(pidfd, ms);
  } finally {
    fs.closeSync(pidfd);
  }
}

/** Sends a signal to exactly this process; whether it was there to get it. */
export function signalProcess(identity: ProcessIdentity, signal: number): boolean {
  const pidfd = openProcess(identity);
  if (pidfd === null) return false;
  try {
    addon().pidfdSignal(pidfd, signal);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
    throw error;
  } finally {
    fs.closeSync(pidfd);
  }
}

/** SIGKILL, and waits until the process has ended; whether it did within `ms`. */
export function killProcess(identity: ProcessIdentity, ms: number): boolean {
  const pidfd = openAny(identity);
  if (pidfd === null) return true;
  try {
    addon().pidfdSignal(pidfd, 9);
    return addon().waitEnded(pidfd, ms);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return true;
    throw error;
  } finally {
    fs.closeSync(pidfd);
  }
}

/** Waits for a child and reaps it; its status as a shell gives it. */
export function exitStatus(pid: number): number {
  return addon().wait(pid);
}
