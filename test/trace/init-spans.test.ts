// What init's stamps come to.

import { expect, test } from '@jest/globals';
import type { LaunchPlan } from '../../src/plan/plan.js';
import { withStamps } from '../../src/plan/stamps.js';
import type { Step } from '../../src/plan/steps.js';
import { initSpans } from '../../src/trace/init-spans.js';

const hook: Step = { step: 'limit-cgroup', path: '/c', writes: [], strict: false };
const steps: Step[] = [
  { step: 'compile-seccomp', profile: { defaultAction: 'SCMP_ACT_ALLOW' } },
  { step: 'clone', flags: 0, intoCgroup: false },
  { step: 'save-state' },
  { step: 'set-hostname', name: 'web', pointer: '/hostname' },
  hook,
  { step: 'report-ready', because: 'default handshake' },
  { step: 'execute', arguments: [], environment: [], preserve: 0, listenFds: 0 },
];
const planOf = (all: Step[]): LaunchPlan =>
  withStamps({ version: 1, operation: 'run', steps: all, warnings: [] });
const plan = planOf(steps);
const shown = (spans: ReturnType<typeof initSpans>) =>
  spans.map(({ kind, name, begin, end }) => `${kind} ${name} ${begin}-${end}`);

test('the plan gets memory before the clone and its use before the first step of init', () => {
  expect(plan.steps.map(({ step }) => step)).toEqual([
    ...['compile-seccomp', 'open-stamps', 'clone', 'save-state', 'stamp-steps', 'set-hostname'],
    ...['limit-cgroup', 'report-ready', 'execute'],
  ]);
  expect(plan.steps.filter((step) => 'count' in step).map(({ count }) => count)).toEqual([5, 5]);
});

test('each step goes from the end of the one before, the last to the end of the launch', () => {
  const spans = initSpans(plan.steps, { begin: 10, ends: [12, 14, 20, 22, 0], end: 30 });
  expect(shown(spans)).toEqual([
    ...['command init 10-30', 'phase begin 10-12', 'step set-hostname 12-14'],
    ...['wait await-runtime 14-20', 'wait report-ready 20-22', 'step execute 22-30'],
  ]);
  expect(spans[2]?.args).toEqual({ op: 12, doing: 'set hostname to web', pointer: '/hostname' });
  expect(spans.every(({ args }) => !('error' in args))).toBe(true);
});

test('the step that failed is the last, and says why', () => {
  const step = plan.steps[5];
  const failure = { message: 'set hostname: refused', step };
  const spans = initSpans(plan.steps, { begin: 10, ends: [12, 0, 0, 0, 0], end: 30, failure });
  expect(shown(spans).slice(1)).toEqual(['phase begin 10-12', 'step set-hostname 12-30']);
  expect(spans.at(-1)?.args['error']).toBe('set hostname: refused');
  expect(spans[0]?.args['error']).toBe('set hostname: refused');
});

test('an init that was killed was at the first step without an end', () => {
  const failure = { message: 'init ended', step: undefined };
  const spans = initSpans(plan.steps, { begin: 10, ends: [12, 14, 0, 0, 0], end: 30, failure });
  expect(spans.at(-1)).toMatchObject({ name: 'await-runtime', args: { error: 'init ended' } });
});

test('a creation ends where its container waits for start', () => {
  const created = planOf([
    ...steps.slice(0, -1),
    { step: 'await-start', start: 'start' },
    ...steps.slice(-1),
  ]);
  const ready = ['command init 10-30', 'phase begin 10-12', 'step set-hostname 12-14'];
  const waits = [...ready, 'wait await-runtime 14-20'];
  const times = { begin: 10, end: 30 };
  // Whether init or the runtime is quicker after the last word.
  const early = initSpans(created.steps, { ...times, ends: [12, 14, 20, 0, 0, 0] });
  const late = initSpans(created.steps, { ...times, ends: [12, 14, 20, 31, 0, 0] });
  expect(shown(early)).toEqual([...waits, 'wait report-ready 20-30']);
  expect(shown(late)).toEqual(shown(early));
});

test('times never run backwards, whatever the counters say', () => {
  const spans = initSpans(plan.steps, { begin: 10, ends: [9, 8, 40, 22, 0], end: 30 });
  for (const [i, { begin, end }] of spans.slice(1).entries()) {
    expect(end).toBeGreaterThanOrEqual(begin);
    expect(begin).toBe(i === 0 ? 10 : spans[i]?.end);
    expect(end).toBeLessThanOrEqual(30);
  }
});
