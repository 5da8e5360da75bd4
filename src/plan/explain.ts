// A launch plan as a list for people: what happens, in which order, and what asked for it.

import { visible } from '../visible.js';
import { wideJson } from '../wide-json.js';
import { detailsOf } from './explain-step.js';
import type { LaunchPlan } from './plan.js';
import { isInitStep, type Step } from './steps.js';

/**
 * One line for each step: number, who carries it out, the step with its values, and in brackets the
 * JSON pointer into config.json or the default behind it. Then the warnings.
 */
export function explainPlan(plan: LaunchPlan): string {
  const { operation, warnings } = plan;
  const later = [...(plan.later?.poststart ?? []), ...(plan.later?.poststop ?? [])];
  const steps = [...plan.steps, ...later];
  const width = Math.max(0, ...steps.map(({ step }) => step.length));
  const digits = String(steps.length).length;
  const lines = steps.map((step, index) => {
    const number = String(index + 1).padStart(digits);
    const what = `${actor(step)}  ${step.step.padEnd(width)}  ${details(step)}${origin(step)}`;
    return visible(`${number}  ${what}`);
  });
  const notes = warnings.map(({ pointer, message }) => visible(`warning: ${message} [${pointer}]`));
  const head = `${operation}: ${steps.length} steps`;
  return [head, ...lines, ...notes, ''].join('\n');
}

/** The plan as JSON; a 64-bit argument of a seccomp rule keeps every digit. */
export function planJson(plan: LaunchPlan): string {
  return wideJson(plan, 2);
}

function actor(step: Step): string {
  return isInitStep(step) ? 'init   ' : 'runtime';
}

function details(step: Step): string {
  const text = detailsOf(step);
  return text === '' ? '' : `${text}  `;
}

function origin({ pointer, because }: Step): string {
  return `[${pointer ?? because}]`;
}
