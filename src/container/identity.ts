// A process as one line of text, `PID STARTTIME`.

import type { ProcessIdentity } from '../host/process.js';

/** `PID STARTTIME`. */
export function writeIdentity({ pid, startTime }: ProcessIdentity): string {
  return `${pid} ${startTime}`;
}

/** Reads it back; null for anything else. */
export function parseIdentity(text: string): ProcessIdentity | null {
  const match = /^([1-9]\d*) (\d+)\s*$/.exec(text);
  return match ? { pid: Number(match[1]), startTime: Number(match[2]) } : null;
}
