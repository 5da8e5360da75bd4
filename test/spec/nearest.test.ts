// A mistyped name gets the one that was meant; a different word gets none.

import { expect, test } from '@jest/globals';
import { nearest } from '../../src/spec/nearest.js';

const KNOWN = [
  'mounts',
  'hostname',
  'process',
  'root',
  'pid',
  'user',
  'uidMappings',
  'gidMappings',
  'destination',
];

test.each([
  ['moutns', 'mounts'],
  ['mount', 'mounts'],
  ['hostName', 'hostname'],
  ['HOSTNAME', 'hostname'],
  ['proccess', 'process'],
  ['rot', 'root'],
  ['pdi', 'pid'],
  ['uidmapping', 'uidMappings'],
  ['gidMapings', 'gidMappings'],
  ['dest', 'destination'],
  ['uidMap', 'uidMappings'],
])('%s is taken for %s', (typed, meant) => {
  expect(nearest(typed, KNOWN)).toBe(meant);
});

test.each(['network', 'x', '', 'annotations', 'uts', 'des'])('%s is taken for nothing', (typed) => {
  expect(nearest(typed, KNOWN)).toBeUndefined();
});
