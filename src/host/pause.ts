// Waiting without an event loop, for the few places that must poll.

import { addon } from '../native/load.js';

/** Sleeps for `ms` milliseconds. */
export function pause(ms: number): void {
  addon().pause(ms);
}

/** Calls `done` until it is true, with growing pauses; whether it became true within `ms`. */
export function waitUntil(done: () => boolean, ms: number): boolean {
  const end = performance.now() + ms;
  for (let step = 1; !done(); step = Math.min(step * 2, 100)) {
    if (performance.now() >= end) return false;
    pause(step);
  }
  return true;
}
