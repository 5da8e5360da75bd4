// The limit on open files that a container would have inherited, had the engine not raised it.

import * as fs from 'node:fs';
import type { HostFacts } from './facts.js';

/** The parent's soft limit under the own hard one; undefined where the parent cannot be read. */
export function openFilesLimit(): HostFacts['openFiles'] {
  const parent = limitsOf(String(process.ppid));
  const own = limitsOf('self');
  if (parent === undefined || own === undefined) return undefined;
  return { soft: Math.min(parent.soft, own.hard), hard: own.hard };
}

function limitsOf(pid: string): HostFacts['openFiles'] {
  try {
    return parseOpenFiles(fs.readFileSync(`/proc/${pid}/limits`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** Reads the line of /proc/PID/limits (proc_pid_limits(5)). */
export function parseOpenFiles(limits: string): HostFacts['openFiles'] {
  const found = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(limits);
  if (found === null) return undefined;
  const [soft = 0, hard = 0] = found
    .slice(1)
    .map((text) => (text === 'unlimited' ? 2 ** 64 : Number(text)));
  return { soft, hard };
}
