// Values in GVariant's text format, with the types that glib's documentation gives them.

import { expect, test } from '@jest/globals';
import { parseGVariant } from '../../../src/plan/systemd/gvariant.js';

test.each([
  ['true', 'b', true],
  ['42', 'i', 42],
  ['-0x10', 'i', -16],
  ['4.5', 'd', 4.5],
  ['uint64 18446744073709551615', 't', 2n ** 64n - 1n],
  ['@t 5', 't', 5],
  ['byte 0xff', 'y', 255],
  ["'it\\'s'", 's', "it's"],
  ['"a\\nb"', 's', 'a\nb'],
  ["objectpath '/a'", 'o', '/a'],
  ["['a', 'b']", 'as', ['a', 'b']],
  ['@as []', 'as', []],
  ['@aa(sa(sv)) []', 'aa(sa(sv))', []],
  ['[uint32 1, 2]', 'au', [1, 2]],
  ["[('/dev/null', 'rw')]", 'a(ss)', [['/dev/null', 'rw']]],
  ['@at [1,2]', 'at', [1, 2]],
  [" ( 'a', true , ) ", '(sb)', ['a', true]],
])('%s', (text, signature, value) => {
  expect(parseGVariant(text)).toEqual({ signature, value });
});

test.each([
  '',
  'yes',
  "'open",
  '[',
  '[]',
  '[1',
  "[1, 'a']",
  'uint64 -1',
  'byte 256',
  '2147483648',
  'uint32 1.5',
  '@s 5',
  '1 2',
  '(1',
  '@b 1',
  `${'['.repeat(100)}1`,
  "'nul\0'",
  'constructor []',
  '()',
  '@constructor 5',
  '@a []',
  '@a( []',
  '@a() []',
  '@az []',
  '@ass []',
])('%j is refused with a reason', (text) => {
  expect(parseGVariant(text)).toMatch(/./);
});
