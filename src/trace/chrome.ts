// The trace as JSON that Perfetto and chrome://tracing open (the "Trace Event Format").

import { ACTORS, type Actor, type Span } from './span.js';

/** What the document ends with; addon/attend/trace.cc puts more events before it. */
export const END = '\n]}\n';

/** The whole document: `about` for a reader, what each of `actors` is called, and an event a line. */
export function chromeTrace(
  spans: readonly Span[],
  actors: readonly Actor[],
  about: Readonly<Record<string, unknown>>,
): string {
  const events = [
    ...actors.flatMap((actor) => [
      { name: 'process_name', ph: 'M', ...place(actor), args: { name: actor } },
      { name: 'thread_name', ph: 'M', ...place(actor), args: { name: actor } },
      {
        ...{ name: 'process_sort_index', ph: 'M', ...place(actor) },
        args: { sort_index: ACTORS.indexOf(actor) },
      },
    ]),
    ...spans.map(event),
  ];
  const head = `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about)},"traceEvents":[\n`;
  return `${head}${events.map((one) => JSON.stringify(one)).join(',\n')}${END}`;
}

/** Numbers of their own for the processes: that of sampan and of attend would be the same. */
export function place(actor: Actor): { readonly pid: number; readonly tid: number } {
  const number = ACTORS.indexOf(actor) + 1;
  return { pid: number, tid: number };
}

function event({ actor, kind, name, begin, end, args }: Span) {
  const [ts, stop] = [nanosecond(begin), nanosecond(end)];
  return { name, cat: kind, ph: 'X', ...place(actor), ts, dur: nanosecond(stop - ts), args };
}

/** Of microseconds with many digits only three after the point mean something. */
function nanosecond(time: number): number {
  return Math.round(time * 1000) / 1000;
}
