// What stays with a foreground container: the static helper in place of this process.

import { addon } from '../native/load.js';
import type { AttendStep } from '../plan/steps.js';
import { encodeAttend } from '../plan/wire.js';
import { tracer } from '../trace.js';

/** Descriptors that the steps name. */
export interface AttendDescriptors {
  readonly terminal?: number | undefined;
  readonly directory?: number | undefined;
  readonly trace?: number | undefined;
}

/** Replaces this process (execve(2), same pid) by the helper that carries out `steps`. */
export function attend(steps: readonly AttendStep[], descriptors: AttendDescriptors): never {
  const traced = tracer()?.handOver(steps) ?? { steps };
  const all = { ...descriptors, ...traced };
  const slots: number[] = [];
  const values: { terminal?: number; directory?: number; trace?: number } = {};
  for (const name of ['terminal', 'directory', 'trace'] as const) {
    const descriptor = all[name];
    if (descriptor !== undefined) values[name] = slots.push(descriptor) - 1;
  }
  return addon().becomeHelper(encodeAttend(all.steps, values), slots);
}
