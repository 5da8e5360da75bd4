import { describe, expect, test } from '@jest/globals';
import { checkId, isId } from '../../src/container/id.js';

describe('a container id', () => {
  test.each(['a', 'A-b_c+d.e', '0123', '-x', '+', '_', 'a..b', 'x'.repeat(255)])(
    'can be %j',
    (id) => {
      expect(() => checkId(id)).not.toThrow();
      expect(isId(id)).toBe(true);
    },
  );

  test.each([
    ...['', '.', '..', '.hidden', '../x', 'a/b', '/a', 'a b', 'a\n', 'a\0b', 'ä', 'a:b'],
    'x'.repeat(256),
  ])('cannot be %j', (id) => {
    expect(() => checkId(id)).toThrow(/^container id ".*": (invalid id format|longer than)/s);
    expect(isId(id)).toBe(false);
  });
});
