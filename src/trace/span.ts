// What a trace consists of.

import { describeStep } from '../launch/describe-step.js';
import { attendSteps, initSteps, type Step, type StepShape } from '../plan/steps.js';

/** The processes of a trace, in their order. `attend` is what `sampan` becomes. */
export const ACTORS = ['sampan', 'init', 'attend'] as const;
export type Actor = (typeof ACTORS)[number];

/** Something that took time. Times are CLOCK_MONOTONIC in microseconds. */
export interface Span {
  readonly actor: Actor;
  /** A `command` has all that its process did in it; a `phase` is no step of the plan; in a `wait` another process is busy. */
  readonly kind: 'command' | 'phase' | 'step' | 'wait';
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  readonly args: Readonly<Record<string, unknown>>;
}

const shapes: Readonly<Record<string, StepShape>> = { ...initSteps, ...attendSteps };

/** What is worth knowing of a step beside its name: what it is about, and where it comes from. */
export function argsOf(step: { readonly step: string }): Span['args'] {
  const { target, path, source, pointer, because } = step as Record<string, unknown>;
  const args = {
    ...{ op: shapes[step.step]?.op, doing: describeStep(step as Step) },
    ...{ pointer, because, path: target ?? path ?? source },
  };
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
