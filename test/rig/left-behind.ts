// What is left once what was killed has had a moment to be gone.

import type { Rig } from './rig.js';
import { until } from './until.js';

/** In words; none when nothing is left. */
export async function leftBehind(rig: Rig): Promise<string[]> {
  await until(() => rig.leftovers().length === 0, 500);
  return rig.leftovers().map(({ kind, what }) => `${kind} ${what}`);
}
