// The clocks and the memory of a trace.

import { closeSync, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { addon } from '../../src/native/load.js';

const tracing = addon().tracing();

test('now is CLOCK_MONOTONIC in microseconds', () => {
  const before = Number(process.hrtime.bigint()) / 1000;
  const now = tracing.now();
  const after = Number(process.hrtime.bigint()) / 1000;
  expect(now).toBeGreaterThanOrEqual(before - 1);
  expect(now).toBeLessThanOrEqual(after + 1);
});

test('the memory has the size of the stamps, is close-on-exec and cannot be cut short', () => {
  const fd = tracing.openStamps(3);
  expect(fstatSync(fd).size).toBe(24);
  expect(addon().descriptorFlags(fd)).toBe(1);
  expect(() => ftruncateSync(fd, 8)).toThrow('EPERM');
  expect(() => ftruncateSync(fd, 32)).toThrow('EPERM');
  expect(tracing.readStamps()).toEqual([0, 0, 0]);
  closeSync(fd);
});

test('what is written there is read as a time, also when the descriptor is closed', () => {
  const fd = tracing.openStamps(2);
  writeSync(fd, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), 0, 8, 8);
  closeSync(fd);
  const [first, second = 0] = tracing.readStamps();
  expect(first).toBe(0);
  // The counter began long before.
  expect(second).toBeLessThan(tracing.now());
  expect(second).not.toBe(0);
});

test('what is no terminal has no width', () => {
  expect(tracing.columns(-1)).toBe(0);
});
