// Collects what a launch tells of its progress, and writes the trace.

import * as fs from 'node:fs';
import { type Failed, render } from '../failure.js';
import { systemFailure } from '../host/system-failure.js';
import { log } from '../log.js';
import type { Tracing } from '../native/addon.js';
import { addon } from '../native/load.js';
import { writeAll } from '../output.js';
import type { LaunchPlan } from '../plan/plan.js';
import { withStamps } from '../plan/stamps.js';
import { type AttendStep, isInitStep, type Step } from '../plan/steps.js';
import type { Tracer } from '../trace.js';
import { tracedSteps } from './attend.js';
import { chromeTrace, END } from './chrome.js';
import { type InitTimes, initSpans } from './init-spans.js';
import { ACTORS, argsOf, type Span } from './span.js';
import { styleOf } from './style.js';
import { viewOf } from './view.js';

const STDERR = 2;

/** Phases in which this process waits for init. */
const WAITS = ['init', 'execute'];

/** One command's trace. */
export class Recorder implements Tracer {
  private readonly clock: Tracing = addon().tracing();
  private readonly spans: Span[] = [];
  /** When this process began. */
  private readonly begin = this.clock.now() - performance.now() * 1000;
  /** Where the next span begins. */
  private last = this.begin;
  private plan: LaunchPlan | undefined;
  private cloned: number | undefined;
  private initFailure: InitTimes['failure'];
  /** What the file still lacks, once all else was written. */
  private rest: string | undefined;

  /** `understood`: when the command line was, as performance.now() tells it. */
  constructor(
    private readonly command: string,
    understood: number,
    private readonly descriptor: number,
  ) {
    const made = 'made' in performance ? Number(performance.made) : 0;
    this.add('engine', this.begin + made * 1000);
    this.add('arguments', this.begin + understood * 1000);
    this.add('trace', this.clock.now());
  }

  mark(name: string, step?: Step): void {
    this.add(name, this.clock.now(), step && argsOf(step));
    if (name === 'clone') this.cloned = this.last;
  }

  failed({ message }: Failed, step?: Step): void {
    const isOwn = step !== undefined && !isInitStep(step);
    if (!isOwn) this.initFailure = { message, step };
    if (isOwn) this.add(step.step, this.clock.now(), { ...argsOf(step), error: message });
    else this.add('init', this.clock.now());
  }

  timed(plan: LaunchPlan): LaunchPlan {
    this.plan = withStamps(plan);
    return this.plan;
  }

  handOver(steps: readonly AttendStep[]) {
    const all = this.all(this.clock.now());
    const text = chromeTrace(all, ACTORS, this.about());
    // What is no file cannot be written at another place than its end.
    const whole = isFile(this.descriptor);
    if (!written(() => writeAll(this.descriptor, whole ? text : text.slice(0, -END.length))))
      return { steps };
    this.rest = whole ? '' : END;
    const style = styleOf(this.clock);
    const drawing = style && { text: viewOf(all, style), style };
    return { steps: tracedSteps(steps, drawing), trace: this.descriptor };
  }

  /** The end of what this process does. */
  finish(error?: unknown): void {
    const end = this.clock.now();
    if (error !== undefined && !this.hasFailure())
      this.add('failure', end, { error: words(error) });
    const all = this.all(end);
    // There is a rest where the helper could not be executed.
    const text = this.rest ?? chromeTrace(all, ['sampan', 'init'], this.about());
    written(() => writeAll(this.descriptor, text));
    const style = styleOf(this.clock);
    if (style !== undefined) written(() => writeAll(STDERR, viewOf(all, style)));
  }

  private hasFailure(): boolean {
    return this.initFailure !== undefined || this.spans.some(({ args }) => 'error' in args);
  }

  /** A span from the last one's end to `end`. */
  private add(name: string, end: number, args?: Span['args']): void {
    const phase = WAITS.includes(name) ? 'wait' : 'phase';
    const kind = args !== undefined && 'doing' in args ? 'step' : phase;
    this.spans.push({ actor: 'sampan', kind, name, begin: this.last, end, args: args ?? {} });
    this.last = end;
  }

  private all(end: number): Span[] {
    const { command: name, begin, plan, cloned, initFailure: failure } = this;
    const whole: Span = { actor: 'sampan', kind: 'command', name, begin, end, args: {} };
    if (plan === undefined || cloned === undefined) return [whole, ...this.spans];
    const ends = this.clock.readStamps();
    const over = this.spans.findLast((span) => span.kind === 'wait')?.end ?? end;
    const times = { begin: cloned, ends, end: over, failure };
    return [whole, ...this.spans, ...initSpans(plan.steps, times)];
  }

  private about() {
    return { command: this.command, pid: process.pid, clock: 'CLOCK_MONOTONIC' };
  }
}

/** A launch that has succeeded, or failed, does so whether or not its trace can be written. */
function written(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    log('warning', render(systemFailure(error, { doing: 'write the trace' })));
    return false;
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isFile(descriptor: number): boolean {
  return (fs.fstatSync(descriptor).mode & 0o170000) === 0o100000;
}
