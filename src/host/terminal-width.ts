// How wide the terminal is that somebody reads at.

import { addon } from '../native/load.js';

/** The characters of a line of the terminal at `fd`; undefined where it is none. */
export function terminalWidth(fd: number): number | undefined {
  return addon().tracing().columns(fd) || undefined;
}
