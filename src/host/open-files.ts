// The limit on open files that a container would have inherited, had Node not raised it.

import * as fs from 'node:fs';
import { inheritsUnchanged } from '../native/inherits.js';
import type { HostFacts } from './facts.js';

/**
 * The parent's soft limit under the own hard one; undefined where the container inherits what the
 * caller has set, and where the parent cannot be read.
 */
export function openFilesLimit(): HostFacts['openFiles'] {
  if (inheritsUnchanged) return undefined;
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
  // Its columns are cut out: an expression would cost as much as reading the file.
  const at = limits.indexOf('Max open files ');
  if (at < 0) return undefined;
  const soft = limitOf(limits.slice(at + 26, at + 46).trim());
  const hard = limitOf(limits.slice(at + 47, at + 67).trim());
  return Number.isNaN(soft + hard) ? undefined : { soft, hard };
}

function limitOf(text: string): number {
  if (text === 'unlimited') return 2 ** 64;
  return text === '' ? Number.NaN : Number(text);
}
