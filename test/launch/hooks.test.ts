// What is said of a hook that failed, and what one in the runtime's namespaces is given.

import { afterEach, describe, expect, test } from '@jest/globals';
import { Failed, render } from '../../src/failure.js';
import { hookFailure } from '../../src/launch/explain-hook.js';
import { runHook } from '../../src/launch/hooks.js';
import { useAddon } from '../../src/native/load.js';
import type { RuntimeHook } from '../../src/plan/steps.js';
import { fakeAddon, type Line, message } from './fake-addon.js';

afterEach(() => useAddon(undefined));

const names = fakeAddon([]);
const PLACE = '/hooks/createRuntime/0';
const tell = (syscall: string, errno: number, detail = '', pointer = PLACE) =>
  render(hookFailure({ step: 0, errno, syscall, path: '/bin/x', detail, pointer }, names));

describe('a hook that failed', () => {
  test.each([
    ['exit', 3, '', 'it ended with status 3'],
    ['exit', 3, ' a \n\nb\n', 'it ended with status 3: a, b'],
    ['signal', 9, '', 'it was killed by signal 9'],
    ['timeout', 5, 'slow', 'it was killed after its timeout of 5 s: slow'],
    ['exit', 1, '\u001b[31mred\u0007', 'it ended with status 1: [31mred'],
  ])('by %s %d %j', (syscall, number, output, said) => {
    expect(tell(syscall, number, output)).toBe(
      `run the hook /bin/x: ${said} [config.json ${PLACE}]`,
    );
  });

  test('that could not be executed, with where it is looked for', () => {
    expect(tell('execve', 2)).toBe(
      `run the hook /bin/x: execve: no such file or directory (ENOENT) [config.json ${PLACE}]; it is looked for on the host, not in the root filesystem`,
    );
    expect(tell('execve', 2, '', '/hooks/startContainer/0')).toMatch(
      /; .* in the root filesystem$/,
    );
    expect(tell('execve', 8)).toContain('without a #! line');
    expect(tell('fork', 1)).toMatch(/fork: operation not permitted \(EPERM\)/);
  });
});

describe('a hook of the runtime', () => {
  const hook: RuntimeHook = {
    ...{ step: 'run-runtime-hook', path: '/bin/x', arguments: ['x'], environment: [], timeout: 0 },
    ...{ state: ['{"pid":', '}'], directory: '/', pointer: PLACE },
  };

  function run(script: Line[], status: number, pidfd?: number) {
    const addon = { ...fakeAddon(script), wait: () => status };
    useAddon(addon);
    try {
      runHook(hook, 7, pidfd);
    } catch (error) {
      return { addon, said: error instanceof Failed ? error.message : String(error) };
    }
    return { addon, said: '' };
  }

  test('is one init without namespaces, that keeps no descriptor of the caller', () => {
    const { addon, said } = run([null], 0, 5);
    expect(said).toBe('');
    expect(addon.spawned).toEqual([{ flags: 0, cgroup: -1, preserve: 0, slots: [5] }]);
  });

  test('that failed is told with its place', () => {
    const failed = message([1, 0, 3], ['exit', '/bin/x', 'why', PLACE]);
    expect(run([failed], 1).said).toContain('status 3: why [config.json /hooks/createRuntime/0]');
  });

  test('that ended with the container is a failure, not a success', () => {
    expect(run([null], 1).said).toContain("the container's process has ended");
  });
});
