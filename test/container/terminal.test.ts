import { describe, expect, test } from '@jest/globals';
import { checkTerminal } from '../../src/container/terminal.js';

describe('a terminal', () => {
  test('of what is detached needs a console socket', () => {
    expect(() => checkTerminal(true, true, undefined)).toThrow(
      /cannot allocate tty.*console socket/,
    );
    expect(() => checkTerminal(true, true, '/s')).not.toThrow();
  });

  test('in the foreground is relayed, so that a console socket is a mistake', () => {
    expect(() => checkTerminal(true, false, undefined)).not.toThrow();
    expect(() => checkTerminal(true, false, '/s')).toThrow('/s: a console socket is only for');
  });

  test.each([true, false])(
    'that nobody asked for has no console socket (detached %s)',
    (detached) => {
      expect(() => checkTerminal(false, detached, '/s')).toThrow('no terminal');
      expect(() => checkTerminal(false, detached, undefined)).not.toThrow();
    },
  );
});
