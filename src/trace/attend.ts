// How the helper of a foreground container goes on with a trace.

import type { AttendStep } from '../plan/steps.js';
import { place } from './chrome.js';
import { argsOf } from './span.js';
import { rowOf, type Style } from './view.js';

/** What is to be drawn when the container has ended, and how. */
export interface Drawing {
  readonly text: string;
  readonly style: Style;
}

/** The steps, each of which adds its event, and with a `drawing` its row. */
export function tracedSteps(
  steps: readonly AttendStep[],
  drawing: Drawing | undefined,
): readonly AttendStep[] {
  const trace: AttendStep = {
    ...{ step: 'trace-steps', file: 'trace' },
    events: steps.map((step) => head({ name: step.step, cat: 'step', ph: 'X' }, argsOf(step))),
    exit: head({ name: 'exit', cat: 'phase', ph: 'i', s: 'p' }),
    view: drawing === undefined ? '' : `${drawing.text}attend\n`,
    rows: drawing === undefined ? [] : steps.map(({ step }) => rowOf(step, drawing.style)),
  };
  return [trace, ...steps];
}

/** An event without its end: the helper adds what it does not know before. */
function head(event: object, args?: object): string {
  const text = JSON.stringify({ ...event, ...place('attend'), ...(args && { args }) });
  return text.slice(0, -1);
}
