// The steps that have init's steps timed: in no plan that `compile` makes, `--trace` adds them.

import type { LaunchPlan } from './plan.js';
import { isInitStep } from './steps.js';

/** The plan with the times of init's steps, and of the waits between, written to slot `stamps`. */
export function withStamps(plan: LaunchPlan): LaunchPlan {
  const { steps } = plan;
  const clone = steps.findIndex(({ step }) => step === 'clone');
  const first = steps.findIndex(isInitStep);
  const count = steps.length - first + 1;
  const origin = { because: 'option --trace' };
  return {
    ...plan,
    steps: [
      ...steps.slice(0, clone),
      { step: 'open-stamps', count, ...origin },
      ...steps.slice(clone, first),
      { step: 'stamp-steps', memory: 'stamps', count, ...origin },
      ...steps.slice(first),
    ],
  };
}
