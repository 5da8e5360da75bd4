// Waiting by system calls: for a time, and for changes of files.

import { appendFileSync, closeSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addon } from '../../src/native/load.js';
import { needs } from '../rig/needs.js';

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
  expect(addon().waitForChange(watch, [], 60_000)).toEqual([watch]);
  expect(addon().waitForChange(watch, [], 0)).toEqual([]);
});

test('where nothing changes the wait ends after the time', () => {
  watch = addon().watchFiles([file]);
  const start = performance.now();
  expect(addon().waitForChange(watch, [], 30)).toEqual([]);
  expect(performance.now() - start).toBeGreaterThanOrEqual(29);
});

test('a file that is not there never changes', () => {
  watch = addon().watchFiles([`${file}-missing`, file]);
  expect(addon().waitForChange(watch, [], 0)).toEqual([]);
  appendFileSync(file, 'a');
  expect(addon().waitForChange(watch, [], 60_000)).toEqual([watch]);
});

test('the descriptor is not inherited', () => {
  watch = addon().watchFiles([]);
  expect(addon().descriptorFlags(watch)).toBe(1);
});

const canTell = existsSync('/proc/pressure/cpu') && process.geteuid?.() === 0;
const declare = needs('unit', canTell, 'no pressure that this user may watch');

declare('a descriptor of pressure waits beside that of files', () => {
  watch = addon().watchFiles([file]);
  const pressure = addon().watchPressure('/proc/pressure/memory', 'some 2000000 2000000');
  appendFileSync(file, 'a');
  expect(addon().waitForChange(watch, [pressure], 60_000)).toEqual([watch]);
  expect(addon().descriptorFlags(pressure)).toBe(1);
  closeSync(pressure);
});

declare('a trigger that the kernel does not take is an error', () => {
  const path = '/proc/pressure/memory';
  expect(() => addon().watchPressure(path, 'some 3000000 2000000')).toThrow(
    expect.objectContaining({ syscall: 'write', code: 'EINVAL', path }),
  );
});
