// A rig for one body of code, which must leave nothing behind.

import type { Identity } from './identity.js';
import { Rig, type RigOptions } from './rig.js';
import { nothingReported, reportedSoFar } from './sanitizer.js';
import { until } from './until.js';

/** The body of a promise. */
export type Body = (rig: Rig) => void | Promise<void>;

/** Runs `body` in a rig of its own; throws when it throws or leaves something behind. */
export async function inRig(identity: Identity, body: Body, options?: RigOptions): Promise<void> {
  const reported = reportedSoFar();
  const rig = new Rig(identity, options);
  try {
    await body(rig);
    await rig.close();
    await nothingIsLeft(rig);
  } catch (error) {
    if (error instanceof Error) error.message += `\n\nCommands:\n${rig.history.join('\n')}`;
    throw error;
  } finally {
    await rig.dispose();
    nothingReported(reported);
  }
}

async function nothingIsLeft(rig: Rig): Promise<void> {
  // A process that has been killed needs a moment to be gone.
  await until(() => !rig.leftovers().some(({ kind }) => kind === 'process'), 500);
  const left = rig.leftovers();
  if (left.length === 0) return;
  throw new Error(`left behind:\n${left.map(({ kind, what }) => `  ${kind} ${what}`).join('\n')}`);
}
