// A process that executes the program closes init's socket, and so does one that dies before.

import { waitUntil } from '../host/pause.js';
import { statProcess } from '../host/process.js';

/** What init calls itself (addon/init/init.cc); execve(2) gives another name. */
const INIT = 'sampan:init';
/** How long a process may take from closing its files to its new name, or to its end, in milliseconds. */
const CHANGING_MS = 100;

/**
 * For a process whose socket is closed: whether it died as init. One that its parent has reaped can
 * no longer be asked and counts as one that had begun.
 */
export function endedAsInit(pid: number): boolean {
  let ended = false;
  waitUntil(() => {
    const stat = statProcess(pid);
    ended = stat !== null && stat.name === INIT && 'ZX'.includes(stat.state);
    return ended || stat?.name !== INIT;
  }, CHANGING_MS);
  return ended;
}
