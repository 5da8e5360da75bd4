// What `--trace` has written, for tests.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from './rig.js';

/** An event with a length. Times are microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: string;
  readonly pid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A trace by its processes. */
export interface Trace {
  readonly all: readonly TraceEvent[];
  readonly sampan: readonly TraceEvent[];
  readonly init: readonly TraceEvent[];
  readonly attend: readonly TraceEvent[];
}

/** A path for a trace. */
export function traceFile(rig: Rig, name = 'trace.json'): string {
  return join(rig.runtimeDirectory, name);
}

/** The trace in a file; throws where that is no JSON. */
export function readTrace(path: string): Trace {
  return parseTrace(readFileSync(path, 'utf8'));
}

export function parseTrace(text: string): Trace {
  const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse(text);
  const all = traceEvents.filter(({ ph }) => ph === 'X');
  const of = (name: string) => {
    const place = traceEvents.find(
      (one) => one.name === 'process_name' && one.args['name'] === name,
    );
    return all.filter(({ pid }) => pid === place?.pid);
  };
  return { all, sampan: of('sampan'), init: of('init'), attend: of('attend') };
}

/** The names of the plan's steps among events. At its end init waits for the runtime's word. */
export function stepsIn(events: readonly TraceEvent[]): string[] {
  const added = ['open-stamps', 'trace-steps'];
  const isStep = ({ cat, name }: TraceEvent) => cat === 'step' || name === 'report-ready';
  return events.filter((event) => isStep(event) && !added.includes(event.name)).map(nameOf);
}

function nameOf({ name }: TraceEvent): string {
  return name;
}

/** Of each process the first event has all others in it, which follow each other; why not, else. */
export function whyNotNested({ sampan, init, attend }: Trace): string | undefined {
  for (const events of [sampan, init]) {
    const [whole, ...parts] = events;
    if (whole === undefined) continue;
    let last = whole.ts;
    for (const { name, ts, dur } of parts) {
      if (Math.abs(ts - last) > 0.01) return `${name} begins at ${ts}, not at ${last}`;
      last = ts + dur;
    }
    if (last > whole.ts + whole.dur + 0.01) return `${whole.name} ends before ${last}`;
  }
  const end = (sampan[0]?.ts ?? 0) + (sampan[0]?.dur ?? 0);
  const early = [...attend].find(({ ts, dur }) => ts < end || dur < 0);
  return early && `${early.name} of attend begins at ${early.ts}, before ${end}`;
}
