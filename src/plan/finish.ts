// The end of every compilation: a plan, or the first reason why there is none.

import type { Failure } from '../failure.js';
import type { LaterHooks } from './hooks.js';
import type { LaunchPlan } from './plan.js';
import type { Situation } from './situation.js';
import type { Step } from './steps.js';

/** A plan, or why there is none. */
export type Compiled =
  | { readonly ok: true; readonly plan: LaunchPlan }
  | { readonly ok: false; readonly failure: Failure };

/** The plan, unless something was refused on the way. */
export function finish(
  { notes }: Situation,
  operation: LaunchPlan['operation'],
  steps: readonly Step[],
  later?: LaterHooks,
): Compiled {
  if (notes.failure) return { ok: false, failure: notes.failure };
  const plan = { version: 1, operation, steps, warnings: notes.warnings } as const;
  return { ok: true, plan: later === undefined ? plan : { ...plan, later } };
}
