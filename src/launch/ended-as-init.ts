// A process that executes the program closes init's socket, and so does one that dies before.

import * as fs from 'node:fs';
import { waitUntil } from '../host/pause.js';
import { statProcess } from '../host/process.js';
import { codeOf } from '../host/system-failure.js';

/** What init calls itself (addon/init/init.cc); execve(2) gives another name. */
const INIT = 'sampan:init';
/** How long a process may take from closing its files to its new name, or to its end, in milliseconds. */
const CHANGING_MS = 100;

/**
 * For a process whose socket is closed: whether it died as init. One that its parent has reaped can
 * no longer be asked and counts as one that had begun.
 */
export function endedAsInit(pid: number): boolean {
  const memory = memoryOf(pid);
  if (memory === 'there') return false;
  let ended = false;
  waitUntil(() => {
    const stat = statProcess(pid);
    if (stat?.name !== INIT) return true;
    ended = memory === 'gone' || 'ZX'.includes(stat.state);
    return ended;
  }, CHANGING_MS);
  return ended;
}

/** execve(2) takes new memory, and exit(2) leaves the old, before files are closed. */
function memoryOf(pid: number): 'there' | 'gone' | 'hidden' {
  try {
    fs.readlinkSync(`/proc/${pid}/exe`);
    return 'there';
  } catch (error) {
    // Which of them is not told to a user of one that forbids tracing.
    return codeOf(error) === 'ENOENT' ? 'gone' : 'hidden';
  }
}
