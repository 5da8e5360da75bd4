// What a launch tells of its progress. Without `--trace` nobody listens.

import type { Failed } from './failure.js';
import type { LaunchPlan } from './plan/plan.js';
import type { AttendStep, Step } from './plan/steps.js';

/** Who listens: src/trace/recorder.ts. */
export interface Tracer {
  /** A phase of this process, or a step that it carried out, ends now; it began where the one before ended. */
  mark(name: string, step?: Step): void;
  /** The step failed; without one, that which init was at. */
  failed(error: Failed, step?: Step): void;
  /** The plan with what it takes to have init's steps timed. */
  timed(plan: LaunchPlan): LaunchPlan;
  /** Writes down what was so far, and has the helper go on with it. */
  handOver(steps: readonly AttendStep[]): {
    readonly steps: readonly AttendStep[];
    readonly trace?: number;
  };
}

let listening: Tracer | undefined;

/** Sets who listens from now on. */
export function traceWith(tracer: Tracer | undefined): void {
  listening = tracer;
}

/** Who listens, if there is anybody. */
export function tracer(): Tracer | undefined {
  return listening;
}

/** As `Tracer.mark`. */
export function mark(name: string, step?: Step): void {
  listening?.mark(name, step);
}
