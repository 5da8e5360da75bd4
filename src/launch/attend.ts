// What stays with a foreground container: the static helper in place of this process.

import { addon } from '../native/load.js';
import type { AttendStep } from '../plan/steps.js';
import { encodeAttend } from '../plan/wire.js';

/** Replaces this process (execve(2), same pid) by the helper that carries out `steps`. */
export function attend(steps: readonly AttendStep[], terminal: number | undefined): never {
  const slots = terminal === undefined ? [] : [terminal];
  const values = terminal === undefined ? {} : { terminal: 0 };
  return addon().becomeHelper(encodeAttend(steps, values), slots);
}
