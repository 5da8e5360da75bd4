// Where the time of a command goes: JSON lines into the file that SAMPAN_TIMINGS names.

import * as fs from 'node:fs';

let last = 0;

/**
 * Ends the phase `name`: appends `{"name","us","at"}`, `us` since the last mark (the first one:
 * since the program began), `at` in microseconds since 1970. Does nothing when timings are off.
 *
 * Written at once, not at the end: a foreground `run` replaces the process and has no end. The
 * time that the write takes is left out of the next phase.
 */
export function mark(name: string): void {
  const file = process.env.SAMPAN_TIMINGS;
  if (file) record(file, name);
}

function record(target: string, name: string): void {
  const now = performance.now();
  const us = Math.round((now - last) * 1000);
  const at = Math.round((performance.timeOrigin + now) * 1000);
  fs.appendFileSync(target, `${JSON.stringify({ name, us, at })}\n`);
  last = performance.now();
}
