import { expect, test } from '@jest/globals';
import { decodeMessage } from '../../src/launch/messages.js';
import { failed, forked, message, reached, ready, terminal } from './fake-addon.js';

test.each([
  [failed(7, 2, 'openat2', '/ä', 'why'), { kind: 'failed', step: 7, errno: 2, path: '/ä' }],
  [failed(0, 1, 'capset'), { kind: 'failed', syscall: 'capset', path: '', detail: '' }],
  [reached(), { kind: 'reached' }],
  [forked(4242), { kind: 'forked', pid: 4242 }],
  [terminal(), { kind: 'terminal' }],
  [ready(), { kind: 'ready' }],
])('a message of init is read %#', ({ bytes }, expected) => {
  expect(decodeMessage(bytes)).toMatchObject(expected);
});

test('a message is read wherever its bytes lie in memory', () => {
  const { bytes } = forked(99);
  const shifted = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
  expect(decodeMessage(shifted)).toEqual({ kind: 'forked', pid: 99 });
});

test('an unknown message is a bug', () => {
  expect(() => decodeMessage(message([99]).bytes)).toThrow('unknown message 99');
});
