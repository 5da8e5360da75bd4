// The document: JSON at every moment, in the form that Perfetto reads.

import { expect, test } from '@jest/globals';
import type { AttendStep } from '../../src/plan/steps.js';
import { tracedSteps } from '../../src/trace/attend.js';
import { chromeTrace, END } from '../../src/trace/chrome.js';
import { span } from './spans.js';

const spans = [
  span('run', 1000.1234, 5000.5, { kind: 'command' }),
  span('clone', 1500, 3500.0004, { kind: 'step', args: { path: '/a "b"\n', op: 3 } }),
];

test('events have a place, a time in microseconds and what they are about', () => {
  const { traceEvents, otherData } = JSON.parse(chromeTrace(spans, ['sampan'], { pid: 7 }));
  expect(otherData).toEqual({ pid: 7 });
  expect(traceEvents.slice(0, 3)).toEqual([
    { name: 'process_name', ph: 'M', pid: 1, tid: 1, args: { name: 'sampan' } },
    { name: 'thread_name', ph: 'M', pid: 1, tid: 1, args: { name: 'sampan' } },
    { name: 'process_sort_index', ph: 'M', pid: 1, tid: 1, args: { sort_index: 0 } },
  ]);
  expect(traceEvents.slice(3)).toEqual([
    ...[
      {
        name: 'run',
        cat: 'command',
        ph: 'X',
        pid: 1,
        tid: 1,
        ts: 1000.123,
        dur: 4000.377,
        args: {},
      },
    ],
    {
      ...{ name: 'clone', cat: 'step', ph: 'X', pid: 1, tid: 1, ts: 1500, dur: 2000 },
      args: { path: '/a "b"\n', op: 3 },
    },
  ]);
});

test('what the helper adds before the end makes JSON again', () => {
  const wait: AttendStep = { step: 'wait-process', pid: 5 };
  const clean: AttendStep = { step: 'remove-directory', path: '/run/"x"' };
  const [trace, ...steps] = tracedSteps([wait, clean], undefined);
  expect(steps).toEqual([wait, clean]);
  if (trace?.step !== 'trace-steps') throw new Error('the helper is not told to trace');
  expect(trace).toMatchObject({ view: '', rows: [] });
  const text = chromeTrace(spans, ['sampan', 'attend'], {});
  expect(text.endsWith(END)).toBe(true);
  const added = [
    `${trace.exit},"ts":9.5,"args":{"status":3}}`,
    ...trace.events.map((event) => `${event},"ts":1.5,"dur":2.25}`),
  ];
  const whole = `${text.slice(0, -END.length)}${added.map((one) => `,\n${one}`).join('')}${END}`;
  const place = { pid: 3, tid: 3 };
  expect(JSON.parse(whole).traceEvents.slice(-3)).toEqual([
    { name: 'exit', cat: 'phase', ph: 'i', s: 'p', ...place, ts: 9.5, args: { status: 3 } },
    {
      ...{ name: 'wait-process', cat: 'step', ph: 'X', ...place, ts: 1.5, dur: 2.25 },
      args: { op: 100, doing: 'wait process' },
    },
    {
      ...{ name: 'remove-directory', cat: 'step', ph: 'X', ...place, ts: 1.5, dur: 2.25 },
      args: { op: 104, doing: 'remove directory', path: '/run/"x"' },
    },
  ]);
});

test('at a terminal the helper draws a row for each of its steps', () => {
  const drawing = { text: 'bars\n', style: { columns: 30, color: false, bar: '#' } };
  const [trace] = tracedSteps([{ step: 'wait-process', pid: 5 }], drawing);
  expect(trace).toMatchObject({ view: 'bars\nattend\n', rows: ['  wait-process    '] });
});
