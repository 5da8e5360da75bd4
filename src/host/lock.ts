// Locks between processes.

import { addon } from '../native/load.js';

/** flock(2), exclusive, waiting; held until the descriptor is closed or the process ends. */
export function lockFile(fd: number): void {
  addon().lock(fd);
}
