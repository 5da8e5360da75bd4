import { expect, test } from '@jest/globals';
import { idOutside, mappedIds, parseIdMap, setgroupsAllowed } from '../../src/host/id-map.js';

const map = '         0       1000          1\n         1     100000      65536\n';

test('a map is read line by line; before it is written it is empty', () => {
  expect(parseIdMap(map)).toEqual([
    { inside: 0, outside: 1000, count: 1 },
    { inside: 1, outside: 100000, count: 65536 },
  ]);
  expect(parseIdMap('')).toEqual([]);
});

test('an id is found in its line', () => {
  expect(idOutside(0, map)).toBe(1000);
  expect(idOutside(65536, map)).toBe(165535);
  expect(idOutside(65537, map)).toBeUndefined();
});

test('this process has its own ids, and says whether groups can be set', () => {
  const { uid } = mappedIds();
  const own = process.geteuid?.() ?? 0;
  expect(uid.some(({ start, count }) => own >= start && own < start + count)).toBe(true);
  expect(typeof setgroupsAllowed()).toBe('boolean');
});
