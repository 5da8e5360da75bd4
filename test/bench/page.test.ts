import { expect, test } from '@jest/globals';
import { withText } from './page.js';

const page = 'before\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nafter\n';

test('only what is between the marks is replaced, as often as one likes', () => {
  const once = withText(page, '\nnew\n');
  expect(once).toBe('before\n<!-- bench: begin -->\nnew\n<!-- bench: end -->\nafter\n');
  expect(withText(once, 'new')).toBe(once);
});

test('a page without marks, or with them in the wrong order, is left alone', () => {
  expect(() => withText('nothing', 'new')).toThrow('bench: begin');
  expect(() => withText('<!-- bench: end --><!-- bench: begin -->', 'new')).toThrow('bench: end');
});
