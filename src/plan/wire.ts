// A plan as bytes: what crosses from TypeScript to init and to the foreground helper
// (addon/wire/writer.h).

import { addon } from '../native/load.js';
import type { AttendStep, InitStep, MountSlot, Step } from './steps.js';
import { isInitStep } from './steps.js';

/** Values of the slots at the time of encoding: descriptors by index, the filter by its bytes. */
export interface SlotValues {
  readonly start?: number;
  readonly cgroup?: number;
  readonly container?: number;
  readonly terminal?: number;
  readonly directory?: number;
  readonly stamps?: number;
  readonly trace?: number;
  readonly [mount: MountSlot]: number | undefined;
  readonly seccomp?: { readonly flags: number; readonly filter: Uint8Array };
}

/** An encoded list; `origin[i]` is the index in the plan of the i-th encoded step. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly origin: readonly number[];
}

const WAIT = { step: 'await-runtime' };

/**
 * Encodes what init carries out. Runtime steps before the first init step are left out, those
 * after it become `await-runtime`.
 */
export function encodeSteps(steps: readonly Step[], slots: SlotValues): Encoded {
  const sent: object[] = [];
  const origin: number[] = [];
  for (const [index, step] of steps.entries()) {
    if (isInitStep(step)) sent.push(withFilter(step, slots));
    else if (sent.length > 0) sent.push(WAIT);
    else continue;
    origin.push(index);
  }
  return { bytes: addon().encodePlan(sent, slots), origin };
}

/** Encodes what the foreground helper carries out. */
export function encodeAttend(steps: readonly AttendStep[], slots: SlotValues): Uint8Array {
  return addon().encodePlan(steps, slots);
}

function withFilter(step: InitStep, { seccomp }: SlotValues): object {
  return step.step === 'load-seccomp' ? { step: step.step, ...seccomp } : step;
}
