// Waiting by system calls: for a time, and for changes of files.

import { appendFileSync, closeSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addon } from '../../src/native/load.js';

let directory: string;
let file: string;
let watch = -1;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sampan-waiting-'));
  file = join(directory, 'file');
  writeFileSync(file, '');
});

afterEach(() => {
  if (watch >= 0) closeSync(watch);
  watch = -1;
  rmSync(directory, { recursive: true });
});

test('a pause takes as long as was asked for', () => {
  const start = performance.now();
  addon().pause(30);
  expect(performance.now() - start).toBeGreaterThanOrEqual(29);
});

test('a change since the last look is told once, without waiting', () => {
  watch = addon().watchFiles([file]);
  appendFileSync(file, 'a');
  appendFileSync(file, 'b');
  expect(addon().waitForChange(watch, 60_000)).toBe(true);
  expect(addon().waitForChange(watch, 0)).toBe(false);
});

test('where nothing changes the wait ends after the time', () => {
  watch = addon().watchFiles([file]);
  const start = performance.now();
  expect(addon().waitForChange(watch, 30)).toBe(false);
  expect(performance.now() - start).toBeGreaterThanOrEqual(29);
});

test('a file that is not there never changes', () => {
  watch = addon().watchFiles([`${file}-missing`, file]);
  expect(addon().waitForChange(watch, 0)).toBe(false);
  appendFileSync(file, 'a');
  expect(addon().waitForChange(watch, 60_000)).toBe(true);
});

test('the descriptor is not inherited', () => {
  watch = addon().watchFiles([]);
  expect(addon().descriptorFlags(watch)).toBe(1);
});
