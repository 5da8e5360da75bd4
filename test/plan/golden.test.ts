// Configuration + host facts = plan. UPDATE_GOLDEN=1 writes the plans down anew: review the diff.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { Compiled } from '../../src/plan/finish.js';
import { initSteps } from '../../src/plan/steps.js';
import { allCases, fixtures, namesIn } from './cases.js';

const cases = allCases();
const update = process.env.UPDATE_GOLDEN === '1';

if (update) {
  rmSync(`${fixtures}plans`, { recursive: true, force: true });
  for (const { host, name, compiled } of cases) {
    mkdirSync(`${fixtures}plans/${host}`, { recursive: true });
    writeFileSync(pathOf(host, name), written(compiled));
  }
}

test.each(cases)('$host: $name', ({ host, name, compiled }) => {
  expect(JSON.parse(written(compiled))).toEqual(
    JSON.parse(readFileSync(pathOf(host, name), 'utf8')),
  );
});

test('no golden plan is left without its case', () => {
  const known = new Set(cases.map(({ host, name }) => pathOf(host, name)));
  const files = namesIn('hosts').flatMap((host) =>
    namesIn(`plans/${host}`).map((name) => pathOf(host, name)),
  );
  expect(files.filter((file) => !known.has(file))).toEqual([]);
});

describe('every step of the contract is in some golden plan', () => {
  const used = new Set(
    cases.flatMap(({ compiled }) => (compiled.ok ? compiled.plan.steps : [])).map((s) => s.step),
  );
  const runtime = [
    'create-cgroup',
    'start-scope',
    'limit-devices',
    'move-network-device',
    'join-resctrl',
    'compile-seccomp',
    'listen-start',
    'open-mapped',
    'clone',
    'write-id-maps',
    'save-state',
    'run-runtime-hook',
  ] as const;
  // await-runtime is how the encoder writes a runtime step, stamp-steps is for a trace: in no plan.
  const added = ['await-runtime', 'stamp-steps'];
  const names = [...runtime, ...Object.keys(initSteps)].filter((name) => !added.includes(name));
  test.each(names)('%s', (name) => {
    expect([...used]).toContain(name);
  });
});

test('a plan depends on nothing but its arguments', () => {
  const again = allCases();
  expect(again.every((c, i) => isDeepStrictEqual(c.compiled, cases[i]?.compiled))).toBe(true);
});

function pathOf(host: string, name: string): string {
  return `${fixtures}plans/${host}/${name}.json`;
}

/** One line for each step, so that a diff shows which changed. */
function written(compiled: Compiled): string {
  if (!compiled.ok) return `${JSON.stringify(compiled, null, 2)}\n`;
  const { steps, warnings, ...rest } = compiled.plan;
  const lines = (items: readonly unknown[]) =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `  ${toJson(item)}`).join(',\n')}\n]`;
  const head = JSON.stringify(rest).slice(1, -1);
  return `{${head},\n"steps": ${lines(steps)},\n"warnings": ${lines(warnings)}}\n`;
}

/** A 64-bit argument of a seccomp rule is a bigint, which JSON.stringify does not take. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v));
}
