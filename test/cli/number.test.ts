// Numbers and ids on the command line: all of the text or nothing.

import { describe, expect, test } from '@jest/globals';
import { parseNumber, parseUser } from '../../src/cli/number.js';
import { parseSignal } from '../../src/cli/signal.js';

describe('a number', () => {
  test.each(['', ' 1', '1 ', '1x', 'x1', '0x10', '1e3', '1.0', '+1', '--1', '١', '1\n', '1_000'])(
    '%j is none',
    (text) => {
      expect(parseNumber(text, -10, 5000)).toBeUndefined();
    },
  );

  test.each([
    ['0', 0],
    ['007', 7],
    ['4294967294', 4294967294],
  ])('%j is one', (text, value) => {
    expect(parseNumber(text, 0, 4294967294)).toBe(value);
  });

  test('has to be within its bounds', () => {
    expect(parseNumber('-1', 0, 10)).toBeUndefined();
    expect(parseNumber('11', 0, 10)).toBeUndefined();
    expect(parseNumber('99999999999999999999', 0, Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });
});

describe('CVE-2026-30892, CVE-2024-40635: a user that is not a number never becomes root', () => {
  test.each(['', 'root', '1x', '1:', ':1', '1:2:3', '4294967295', '4294967296', '-1', '1:x', ' 0'])(
    '%j is refused',
    (text) => {
      expect(() => parseUser(text)).toThrow(/expected UID\[:GID\]/);
    },
  );

  test('UID and UID:GID are taken', () => {
    expect(parseUser('1000')).toEqual({ uid: 1000 });
    expect(parseUser('0:4294967294')).toEqual({ uid: 0, gid: 4294967294 });
  });
});

describe('a signal', () => {
  test.each([
    ['TERM', 15],
    ['SIGTERM', 15],
    ['sigterm', 15],
    ['Kill', 9],
    ['9', 9],
    ['0', 0],
    ['64', 64],
    ['WINCH', 28],
    ['SYS', 31],
    ['IOT', 6],
    ['RTMIN', 34],
    ['SIGRTMIN+3', 37],
    ['RTMAX-1', 63],
  ])('%s is %i', (text, number) => {
    expect(parseSignal(text)).toBe(number);
  });

  test.each(['', 'TREM', 'SIG', 'SIGSIGTERM', '65', '-9', '9x', 'RTMIN+31', 'RTMAX+1', 'RTMIN-1'])(
    '%j is none',
    (text) => {
      expect(() => parseSignal(text)).toThrow(/unknown signal/);
    },
  );
});
