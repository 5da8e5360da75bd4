import { expect, test } from '@jest/globals';
import { fitted } from '../../src/cli/fitted.js';

test('a line goes on below its last column in the left half of the terminal', () => {
  expect(fitted('  name  works  one two three four  [five]\nshort\n', 32)).toBe(
    '  name  works  one two three\n               four  [five]\nshort\n',
  );
  expect(fitted('warning: a text without columns', 20)).toBe('warning: a text\nwithout columns');
});

test('words are kept whole, and lines that have room as they are', () => {
  const word = 'x'.repeat(30);
  expect(fitted(`  a  ${word} and more`, 20)).toBe(`  a  ${word}\n     and more`);
  expect(fitted(`  a  ${word}`, 20)).toBe(`  a  ${word}`);
  expect(fitted('  a  twenty columns, ', 21)).toBe('  a  twenty columns, ');
});
