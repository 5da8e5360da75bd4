// One measured command.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '../rig/rig.js';

/** What test/rig/programs/measure.cc writes. */
export interface Sample {
  /** When it was started, microseconds since 1970. */
  readonly at: number;
  readonly us: number;
  /** Peak resident memory of the largest process, KiB. */
  readonly peakKiB: number;
}

/** Runs `argv` as the rig's identity; throws with its last error line unless it succeeds. */
export async function measure(
  rig: Rig,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<Sample> {
  const file = join(rig.runtimeDirectory, 'sample');
  rmSync(file, { force: true });
  const { status, stderr } = await rig.execute([rig.program('measure'), file, ...argv], { env });
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `exit status ${status}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
