// The document of `exec --process` is checked as `process` is, with pointers of its own.

import { expect, test } from '@jest/globals';
import { checkProcess } from '../../src/spec/validate.js';

const document = { user: { uid: 0, gid: 0 }, args: ['true'], cwd: '/' };

test('a process document is accepted', () => {
  const checked = checkProcess(JSON.stringify(document));
  expect(checked).toEqual({ ok: true, process: document, warnings: [] });
});

test('its mistakes are pointed at from its own root', () => {
  const checked = checkProcess(
    JSON.stringify({ ...document, args: [], cwd: 'x', user: { uid: -1 } }),
  );
  expect(checked.ok).toBe(false);
  const pointers = checked.ok ? [] : checked.problems.map((p) => p.pointer);
  expect(pointers.sort()).toEqual(['/args', '/cwd', '/user/gid', '/user/uid']);
});

test('its unknown and repeated properties are warned of', () => {
  const text = '{"cwd":"/","cwd":"/","args":["true"],"user":{"uid":0,"gid":0},"envs":[]}';
  const checked = checkProcess(text);
  expect(checked).toMatchObject({
    ok: true,
    warnings: [{ pointer: '/envs' }, { pointer: '/cwd' }],
  });
});

test.each(['', '[]', '5', 'null', '{}'])('%j is not one', (text) => {
  expect(checkProcess(text).ok).toBe(false);
});

test('a whole configuration in its place is refused', () => {
  expect(checkProcess(JSON.stringify({ ociVersion: '1.3.0', process: document })).ok).toBe(false);
});
