import { expect, test } from '@jest/globals';
import { median, quantile, ratio } from './statistics.js';

test.each([
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 2, 3], 0.5, 2.5],
  [[10, 20, 30, 40, 50], 0.9, 46],
  [[7], 0.9, 7],
])('quantile of %j at %d is %d', (values, q, expected) => {
  expect(quantile(values, q)).toBeCloseTo(expected);
});

test('no values have no median', () => {
  expect(median([])).toBeNaN();
});

test('a ratio is of medians: what slowed one round does not count', () => {
  expect(ratio([10, 1000, 12], [24, 20, 24])).toBe(0.5);
});
