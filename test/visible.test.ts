import { expect, test } from '@jest/globals';
import { render } from '../src/failure.js';
import { visible, visibleJson } from '../src/visible.js';

test('text as people write it stays as it is', () => {
  for (const text of ['', 'no such file (ENOENT)', 'Größe — “name” 漢字 🛶', '\u200dé']) {
    expect(visible(text)).toBe(text);
  }
});

test('what a terminal obeys, and what turns letters around, is written out', () => {
  expect(visible('a\u001b]0;x\u0007b\nc\r\u007f\u009b\u202e')).toBe(
    'a\\x1b]0;x\\x07b\\nc\\x0d\\x7f\\x9b\\u202e',
  );
});

test('JSON says the same with escapes', () => {
  const value = { 'a\u001b\u007f\u009b': ['\u202eb\n', 'Größe'] };
  const text = visibleJson(JSON.stringify(value, null, 2));
  expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect(JSON.parse(text)).toEqual(value);
});

test('a failure is one line, whatever is in it', () => {
  const failure = { doing: 'mount a\nb', path: '/\u001b[31m', cause: 'no\r\n' };
  expect(render(failure)).toBe('mount a\\nb: /\\x1b[31m: no\\x0d\\n');
});
