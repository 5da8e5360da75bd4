// Output without streams: descriptors, and all of a text or an error.

import * as fs from 'node:fs';
import { bytesOf } from './bytes.js';
import { pause } from './host/pause.js';

/** Writes all of `text`; waits where the descriptor is non-blocking and full. Throws other system errors. */
export function writeAll(fd: number, text: string): void {
  let rest = bytesOf(text);
  while (rest.length > 0) rest = rest.subarray(writeSome(fd, rest));
}

function writeSome(fd: number, bytes: Uint8Array): number {
  try {
    return fs.writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    pause(5);
    return 0;
  }
}

/** Whether a descriptor is a terminal, without loading node:tty. */
export function onTerminal(fd: number): boolean {
  try {
    const { mode, rdev } = fs.fstatSync(fd);
    if ((mode & fs.constants.S_IFMT) !== fs.constants.S_IFCHR) return false;
    // Majors of terminals: 4 tty, 5 console and /dev/tty, 136–143 pts (Documentation/admin-guide/devices.txt).
    const major = (rdev >> 8) & 0xfff;
    return major === 4 || major === 5 || (major >= 136 && major <= 143);
  } catch {
    return false;
  }
}
