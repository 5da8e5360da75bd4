// Durations and sizes on the command line.

import { expect, test } from '@jest/globals';
import { parseDuration } from '../../src/cli/duration.js';
import { parseBytes } from '../../src/cli/number.js';

test.each([
  ['5s', 5000],
  ['250ms', 250],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['2', 2000],
])('the duration %s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '0', '0s', 's', '5x', '-1s', '1s ', '1e3s', '5 s'])('no duration: "%s"', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  ['0', 0],
  ['-1', -1],
  ['1024', 1024],
  ['512M', 512 * 1024 ** 2],
  ['512mb', 512 * 1024 ** 2],
  ['2k', 2048],
  ['1T', 1024 ** 4],
])('%s bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each(['', '-2', '-1M', '1.5M', '1X', 'M', '9007199254740993', '9000000T', '0x10', '1 M'])(
  'no number of bytes: "%s"',
  (text) => {
    expect(parseBytes(text)).toBeUndefined();
  },
);
