// What stays with a foreground container: the static helper in place of this process.

import { addon } from '../native/load.js';
import type { AttendStep } from '../plan/steps.js';
import { encodeAttend } from '../plan/wire.js';

/** Descriptors that the steps name. */
export interface AttendDescriptors {
  readonly terminal?: number | undefined;
  readonly directory?: number | undefined;
}

/** Replaces this process (execve(2), same pid) by the helper that carries out `steps`. */
export function attend(steps: readonly AttendStep[], descriptors: AttendDescriptors): never {
  const slots: number[] = [];
  const values: { terminal?: number; directory?: number } = {};
  for (const name of ['terminal', 'directory'] as const) {
    const descriptor = descriptors[name];
    if (descriptor !== undefined) values[name] = slots.push(descriptor) - 1;
  }
  return addon().becomeHelper(encodeAttend(steps, values), slots);
}
