// Which namespaces a plan makes.

import type { Step } from '../plan/steps.js';

/** CLONE_NEWPID (clone(2)). */
export const CLONE_NEWPID = 0x20000000;

/** CLONE_NEW* of every namespace that the steps make; those they join are not among them. */
export function namespacesMade(steps: readonly Step[]): number {
  return steps.reduce((made, step) => made | flagsOf(step), 0);
}

function flagsOf(step: Step): number {
  const makes = step.step === 'clone' || step.step === 'unshare' || step.step === 'fork';
  return makes ? step.flags : 0;
}
