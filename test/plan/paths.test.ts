import { expect, test } from '@jest/globals';
import { below, cleanPath } from '../../src/plan/paths.js';

test.each([
  ['/a/b', '/a/b'],
  ['a//b/', '/a/b'],
  ['/../../a/./b/..', '/a'],
  ['', '/'],
])('%j is clean as %j', (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

test('only relative paths are below the bundle', () => {
  expect(below('/b', 'rootfs')).toBe('/b/rootfs');
  expect(below('/b', '/srv')).toBe('/srv');
});
