import { mkdirSync, openSync, renameSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Failed, fail, render } from '../../src/failure.js';
import { attempt, systemFailure } from '../../src/host/system-failure.js';
import { addon } from '../../src/native/load.js';

const refusal = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
};

describe('a refused system call', () => {
  test('is told with call, errno, path and the words of the errno alone', () => {
    const error = refusal(() => openSync('/nonexistent/x', 'r'));
    expect(render(systemFailure(error, { doing: 'read it' }))).toBe(
      'read it: /nonexistent/x: open: no such file or directory (ENOENT)',
    );
  });

  test('does not name the path twice', () => {
    const error = refusal(() => mkdirSync('/proc/x'));
    expect(render(systemFailure(error, { doing: 'make /proc/x' }))).toBe(
      'make /proc/x: mkdir: no such file or directory (ENOENT)',
    );
  });

  test('with two paths still gives the words alone', () => {
    const error = refusal(() => renameSync('/nonexistent/a', '/nonexistent/b'));
    expect(systemFailure(error, { doing: 'x' }).cause).toBe('no such file or directory');
  });

  test('of the addon is told in the same way', () => {
    const refuse = () => addon().sendDescriptor('/nonexistent/socket', 0, 'x');
    expect(render(systemFailure(refusal(refuse), { doing: 'connect', pointer: '/a' }))).toBe(
      'connect: /nonexistent/: open: no such file or directory (ENOENT) [config.json /a]',
    );
    expect(
      systemFailure(
        refusal(() => addon().pidfdOpen(4_194_305)),
        { doing: 'x' },
      ),
    ).toEqual({
      ...{ doing: 'x', path: '4194305', syscall: 'pidfd_open' },
      ...{ errno: 'ESRCH', cause: 'no such process' },
    });
  });
});

describe('attempt', () => {
  test('lets a failure that is already told through', () => {
    const inner = refusal(() => fail({ doing: 'a', cause: 'b' }));
    const outer = refusal(() =>
      attempt({ doing: 'c' }, () => {
        throw inner;
      }),
    );
    expect(outer).toBe(inner);
  });

  test('a bug stays a bug', () => {
    const bug = refusal(() =>
      attempt({ doing: 'c' }, () => {
        throw new TypeError('bug');
      }),
    );
    expect(bug).toBeInstanceOf(TypeError);
    expect(bug).not.toBeInstanceOf(Failed);
  });
});
