// From the ends of init's steps to what they took.

import { isInitStep, type Step } from '../plan/steps.js';
import { argsOf, type Span } from './span.js';

/** What is known of the time of one init. */
export interface InitTimes {
  /** When it was cloned. */
  readonly begin: number;
  /** The ends of its steps, 0 for those that have not ended. */
  readonly ends: readonly number[];
  /** When the launch was over. */
  readonly end: number;
  /** How it failed, and at which step if it said so. */
  readonly failure?: { readonly message: string; readonly step: Step | undefined } | undefined;
}

/** The spans of init: itself, and each step that it got to, those of the runtime as waits. */
export function initSpans(steps: readonly Step[], times: InitTimes): Span[] {
  const { begin, end, failure } = times;
  const args = failure === undefined ? {} : { error: failure.message };
  const whole: Span = { actor: 'init', kind: 'command', name: 'init', begin, end, args };
  return [whole, ...stepSpans(ownSteps(steps, failure !== undefined), times)];
}

/** A container that was created waits for `start`; that is not of its creation. */
function ownSteps(steps: readonly Step[], failed: boolean): readonly Step[] {
  const start = steps.findIndex(({ step }) => step === 'await-start');
  return steps.slice(steps.findIndex(isInitStep), start < 0 || failed ? undefined : start);
}

function stepSpans(own: readonly Step[], { begin, ends, end, failure }: InitTimes): Span[] {
  const spans: Span[] = [];
  const add = (step: Step, until: number, args = argsOf(step)) => {
    const last = spans.at(-1)?.end ?? begin;
    // The counters of two processors may differ a little.
    const stop = Math.min(Math.max(until, last), Math.max(end, last));
    spans.push({ actor: 'init', ...named(step), begin: last, end: stop, args });
  };
  const open = own.findIndex((_, i) => !ends[i]);
  const ended = open < 0 ? own.length : open;
  for (const [i, step] of own.slice(0, ended).entries()) add(step, ends[i] ?? end);
  // That which never ends: the program's execution, or what failed.
  const last = own[failure?.step === undefined ? ended : own.indexOf(failure.step)];
  if (last === undefined) return spans;
  add(last, end, { ...argsOf(last), ...(failure && { error: failure.message }) });
  return spans;
}

/** The first one, which is there for the trace, begins with the process. */
function named(step: Step): Pick<Span, 'kind' | 'name'> {
  if (step.step === 'stamp-steps') return { kind: 'phase', name: 'begin' };
  if (!isInitStep(step)) return { kind: 'wait', name: 'await-runtime' };
  return { kind: step.step === 'report-ready' ? 'wait' : 'step', name: step.step };
}
