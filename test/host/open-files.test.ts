import { expect, test } from '@jest/globals';
import { openFilesLimit, parseOpenFiles } from '../../src/host/open-files.js';

const limits = (soft: string, hard: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\n` +
  `Max processes             96365                96365                processes\n` +
  `Max open files            ${soft.padEnd(20)} ${hard.padEnd(20)} files\n`;

test('the limits of a process are read from its line', () => {
  expect(parseOpenFiles(limits('1024', '524288'))).toEqual({ soft: 1024, hard: 524288 });
});

test('unlimited is RLIM_INFINITY', () => {
  expect(parseOpenFiles(limits('1024', 'unlimited'))?.hard).toBe(2 ** 64);
});

test('a file without the line gives nothing', () => {
  expect(parseOpenFiles('')).toBeUndefined();
});

test('the soft limit of this process is never above its hard one', () => {
  const { soft = 0, hard = 0 } = openFilesLimit() ?? {};
  expect(soft).toBeGreaterThan(0);
  expect(soft).toBeLessThanOrEqual(hard);
});
