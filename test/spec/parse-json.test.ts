// JSON: the same texts as JSON.parse, the place of an error, and every bit of a 64-bit argument.

import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../src/spec/parse-json.js';
import { scanJson } from '../../src/spec/scan-json.js';

const texts = [
  '{}',
  ' [1, 2.5, -0, 1e5, 1E-2, true, false, null, "a\\u00e9\\n\\"\\\\\\/"] ',
  '{"a":{"b":[{}]},"":0}',
  '12345678901234567890',
  '[12345678901234567890.5, 12345678901234567890e2]',
  '01',
  '1.',
  '.5',
  '+1',
  '1e',
  '--1',
  'nul',
  'NaN',
  '[1,]',
  '[,1]',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  '{"a":1,}',
  '{"a":1 "b":2}',
  '"\t"',
  '"\\x"',
  '"\\u12"',
  '"open',
  '[',
  '{"a":[1}',
  '1 2',
  '\u00a01',
  '\ufeff1',
  '/* */ 1',
  '0123456789012345678901',
  '-',
  '-01234567890123456789',
  '"𝒳 \u2028"',
];

describe('a text is JSON exactly if JSON.parse takes it', () => {
  test.each(texts)('%j', (text) => {
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    expect(parseJson(text).ok).toBe(valid);
    expect(scanJson(text).failure.cause === 'not valid JSON').toBe(valid);
  });
});

describe('an error is located', () => {
  test.each([
    ['', 1, 1],
    ['{\n\n  x', 3, 3],
    ['["a", "b\nc"]', 1, 9],
    ['{"a": tru}', 1, 7],
    ['{"a": 1}}', 1, 9],
    ['[1 2]', 1, 4],
  ])('%j at line %i, column %i', (text, line, column) => {
    expect(parseJson(text)).toMatchObject({ ok: false, line, column });
  });
});

describe('large integers', () => {
  const value = (text: string) => {
    const result = parseJson(text);
    return result.ok ? result.value : undefined;
  };

  test('keep every bit in value and valueTwo', () => {
    const text = '{"value":18446744073709551615,"valueTwo":9007199254740993}';
    expect(value(text)).toEqual({ value: 18446744073709551615n, valueTwo: 9007199254740993n });
  });

  test('are numbers wherever a number holds them', () => {
    expect(value('{"value":9007199254740991,"soft":18446744073709551615}')).toEqual({
      value: 9007199254740991,
      soft: 2 ** 64,
    });
  });

  test('in strings stay text', () => {
    const text = '{"value":"18446744073709551615","a\\"18446744073709551615":1}';
    expect(value(text)).toEqual({ value: '18446744073709551615', 'a"18446744073709551615': 1 });
  });

  test('cannot be forged by a string', () => {
    const text = '{"value":"\\u0000integer 5","a":18446744073709551615}';
    expect(value(text)).toEqual({ value: '\0integer 5', a: 2 ** 64 });
  });
});

test.each(['0.12345678901234567', '1.5e1234567890123456', '-0.1234567890123456E-1234567890123456'])(
  'the number %s is one, beside integers that are exact',
  (number) => {
    const text = `{"value":18446744073709551615,"a":${number}}`;
    expect(parseJson(text)).toEqual({
      ok: true,
      value: { value: 2n ** 64n - 1n, a: Number(number) },
    });
  },
);

test('a repeated property is found at any depth', () => {
  expect(scanJson('{"a":[{"b":1,"c":{"b":2},"b":3}],"a":0}').repeated).toEqual([
    ['a', 0, 'b'],
    ['a'],
  ]);
});
