import { expect, test } from '@jest/globals';
import type { Memory } from './memory.js';
import {
  boundsFor,
  type Contender,
  createdVerdict,
  foregroundVerdict,
  growthVerdict,
  verdict,
} from './targets.js';

const crun = (us: number): Contender => ({ title: 'crun 1', family: 'crun', times: [us] });
const runc = (us: number): Contender => ({ title: 'runc 1', family: 'runc', times: [us] });
const memory = (rssKiB: number, ...processes: string[]): Memory => {
  return { pssKiB: rssKiB, rssKiB, processes };
};

test.each([
  ['run', 'default', [99], [crun(100), runc(220)], 'met'],
  ['run', 'default', [100], [crun(100)], '**missed**: 1.00 × crun 1, not < 1'],
  ['run', 'default', [46], [crun(100), runc(100)], '**missed**: 0.46 × runc 1, not ≤ 0.45'],
  ['run', 'podman', [50], [crun(100), runc(100)], 'met'],
  ['state', 'default', [130], [crun(100)], 'met'],
  [
    'kill',
    'default',
    [131],
    [crun(100), runc(100)],
    '**missed**: 1.31 × crun 1, not ≤ 1.3; 1.31 × runc 1, not ≤ 1',
  ],
  ['exec', 'containerd', [1], [runc(100)], ''],
  ['run, 16 at once', 'default', [500], [crun(1)], ''],
  ['run', 'default', [], [crun(1)], ''],
] as const)('%s of %s in %j: %#', (row, bundle, own, others, expected) => {
  expect(verdict(boundsFor(row, bundle), own, others)).toBe(expected);
});

test('what stays in the foreground may take a megabyte', () => {
  expect(foregroundVerdict(memory(1024, 'sampan'))).toBe('met');
  expect(foregroundVerdict(memory(1025, 'sampan'))).toBe('**missed**: more than 1 MB');
});

test('after create there may be the process that waits, and nothing beside it', () => {
  expect(createdVerdict({ own: memory(1024, 'init'), beside: memory(0) })).toBe('met');
  expect(createdVerdict({ own: memory(1025, 'init'), beside: memory(1, 'a', 'b') })).toBe(
    '**missed**: beside it a, b; more than 1 MB',
  );
});

test('growth may be a quarter', () => {
  expect(growthVerdict([[100], [125]], {})).toBe('met');
  expect(growthVerdict([[100], [208]], {})).toBe('**missed**: 2.08 ×, not ≤ 1.25');
});

test("growth that a peer has as well is the kernel's", () => {
  const judged = (fewest: number, most: number) =>
    growthVerdict([[100], [150]], { 'crun 1.8': [[fewest], [most]] });
  expect(judged(100, 150)).toBe("the kernel's: 1.50 for crun 1.8, which has none of them");
  // Less of it, in milliseconds or as a factor.
  expect(judged(10, 20)).toBe('**missed**: 1.50 ×, not ≤ 1.25');
  expect(judged(1000, 1400)).toBe('**missed**: 1.50 ×, not ≤ 1.25');
});
