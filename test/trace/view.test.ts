// The bars: a line a span, as wide as the terminal.

import { expect, test } from '@jest/globals';
import { rowOf, type Style, viewOf } from '../../src/trace/view.js';
import { span } from './spans.js';

const style: Style = { columns: 50, color: false, bar: '#' };
const all = [
  span('run', 1000, 5000, { kind: 'command' }),
  span('engine', 1000, 1500),
  span('clone', 1500, 3500, { kind: 'step', args: { doing: 'create namespaces' } }),
  span('init', 3500, 5000, { kind: 'wait' }),
  span('init', 3500, 5000, { kind: 'command', actor: 'init' }),
  span('open-proc', 3500, 5000, { kind: 'step', actor: 'init', args: { doing: 'open a procfs' } }),
];

test('bars stand below each other where their time is, with the times at the right', () => {
  expect(viewOf(all, style)).toBe(
    [
      'sampan run          #################     4.000 ms',
      '  engine            ##                    0.500 ms',
      '  create namespaces   ########            2.000 ms',
      '  init                        #######     1.500 ms',
      'init                          #######     1.500 ms',
      '  open a procfs               #######     1.500 ms',
      '',
    ].join('\n'),
  );
});

test('only the longest stands out, and it is neither a whole process nor a wait', () => {
  const waits = span('execute', 0, 50_000, { kind: 'wait' });
  const lines = viewOf([...all, waits], { ...style, color: true }).split('\n');
  const bold = lines.filter((line) => line.startsWith('\x1b[1m') && line.endsWith('\x1b[0m'));
  expect(bold).toHaveLength(1);
  expect(bold[0]).toContain('create namespaces');
});

test('what failed is marked, in colour too', () => {
  const broken = span('clone', 0, 10, { args: { error: 'clone: refused' } });
  expect(viewOf([broken], style)).toMatch(/^! clone/);
  const line = viewOf([broken], { ...style, color: true }).trimEnd();
  expect(line.startsWith('\x1b[1;31m! clone') && line.endsWith('\x1b[0m')).toBe(true);
});

test.each([0, 1, 13, 20, 80, 300])(
  'no line is wider than %i columns where that can be',
  (columns) => {
    const long = span('x'.repeat(400), 0, 3, { kind: 'step' });
    const lines = viewOf([...all, long], { ...style, columns })
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(all.length + 1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(columns, 14));
    if (columns > 20) expect(new Set(lines.map((line) => line.length))).toEqual(new Set([columns]));
  },
);

test('every span has a bar, however short, and none leaves its field', () => {
  const spans = [span('run', 0, 1000, { kind: 'command' }), span('a', 0, 0), span('b', 1000, 1000)];
  for (const line of viewOf(spans, style).trimEnd().split('\n')) {
    expect(line).toContain('#');
    expect(line).toHaveLength(style.columns);
  }
});

test('names from config.json do nothing to the terminal', () => {
  const evil = span('x', 0, 1, { kind: 'step', args: { doing: 'mount \x1b]0;title\x07\non /' } });
  expect(viewOf([evil], style)).toMatch(/^[\x20-\x7e…]*\n$/);
});

test('a row for the helper leaves room for its time', () => {
  expect(rowOf('kill-cgroup', style)).toBe('  kill-cgroup'.padEnd(38));
  expect(rowOf('kill-cgroup', { ...style, columns: 4 })).toBe('');
});

test('nothing at all is no picture', () => {
  expect(viewOf([], style)).toBe('');
  expect(viewOf([span('a', 5, 5)], style)).toContain('0.000 ms');
});
