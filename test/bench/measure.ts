// One measured command.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '../rig/rig.js';

/** What test/rig/programs/measure.cc writes. */
export interface Sample {
  /** When it was started, microseconds of CLOCK_MONOTONIC. */
  readonly at: number;
  readonly us: number;
  /** On processors; none of many at once. */
  readonly busyUs?: number;
  /** Peak resident memory of the largest process, KiB; none of many at once. */
  readonly peakKiB?: number;
}

export interface MeasureOptions {
  /** Words before the program that measures. */
  readonly under?: readonly string[];
}

/** Runs `argv` as the rig's identity; throws with its last error line unless it succeeds. */
export async function measure(
  rig: Rig,
  argv: readonly string[],
  { under = [] }: MeasureOptions = {},
): Promise<Sample> {
  const file = join(rig.runtimeDirectory, 'sample');
  rmSync(file, { force: true });
  const line = [...under, rig.program('measure'), file, ...argv];
  const { status, stderr } = await rig.execute(line);
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `exit status ${status}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
