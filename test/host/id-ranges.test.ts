import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { accountIn, firstFree, parseGetsubids, subordinateIds } from '../../src/host/id-ranges.js';

const directory = mkdtempSync(join(tmpdir(), 'sampan-ids-'));
const file = join(directory, 'subuid');
writeFileSync(file, 'bob:1:9\nann:100000:65536\n1000:300000:10\n1000:x:10\nann:5\n\n');

afterAll(() => rmSync(directory, { recursive: true }));

test('ranges are found by login name and by number, in order; broken lines are passed over', () => {
  expect(subordinateIds(file, 1000, 'ann')).toEqual([
    { start: 100000, count: 65536 },
    { start: 300000, count: 10 },
  ]);
});

test('a user without a name has the ranges of its number', () => {
  expect(subordinateIds(file, 1000, undefined)).toEqual([{ start: 300000, count: 10 }]);
});

test('nobody has ranges where there is no file', () => {
  expect(subordinateIds(join(directory, 'none'), 1000, 'ann')).toEqual([]);
});

test('an account is looked up by the whole number', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\nann:x:1000:27:Ann:/home/ann:/bin/sh\n';
  expect(accountIn(passwd, 1000)).toEqual({ name: 'ann', group: 27 });
  expect(accountIn(passwd, 100)).toBeUndefined();
});

test('what nobody has been given begins after the last grant, at 100000 where there is none', () => {
  expect(firstFree(file)).toBe(300010);
  expect(firstFree(join(directory, 'none'))).toBe(100000);
});

test('ranges are read from what getsubids prints', () => {
  expect(parseGetsubids('0: ann 100000 65536\n1: ann 300000 10\n')).toEqual([
    { start: 100000, count: 65536 },
    { start: 300000, count: 10 },
  ]);
  expect(parseGetsubids('Error fetching ranges\n')).toEqual([]);
});
