import { describe, expect, test } from '@jest/globals';
import { render } from '../../src/failure.js';
import { describeStep } from '../../src/launch/describe-step.js';
import { ended, initFailure, startFailure } from '../../src/launch/explain-failure.js';
import type { InitFailure } from '../../src/launch/messages.js';
import { attendSteps, initSteps, type Step } from '../../src/plan/steps.js';
import { fakeAddon } from './fake-addon.js';

const names = fakeAddon([]);
const failure = (errno: number, syscall = 'execve', path = ''): InitFailure => ({
  ...{ step: 0, errno, syscall, path, detail: '', pointer: '' },
});
const find = (program: string): Step => ({
  ...{ step: 'find-program', program, searchPath: '/bin' },
  pointer: '/process/args/0',
});
const tell = (step: Step, errno: number, path?: string) =>
  render(initFailure(step, failure(errno, 'execve', path), names));

describe('phrases that callers match', () => {
  test('a program that is not in the path', () => {
    expect(tell(find('nope'), 2)).toBe(
      'exec: "nope": executable file not found in $PATH (ENOENT) [config.json /process/args/0]; it is looked for in /bin of the root filesystem',
    );
  });

  test('a program whose path does not exist', () => {
    expect(tell(find('/bin/nope'), 2)).toContain(
      'exec: "/bin/nope": stat /bin/nope: no such file or directory',
    );
  });

  test.each(['/bin/data', 'data'])('%s without the execute bit', (program) => {
    expect(tell(find(program), 13)).toContain(`exec: "${program}": permission denied`);
  });

  test('a quote in a name stays one word', () => {
    expect(tell(find('a"b'), 2)).toContain('exec: "a\\"b": executable');
  });

  test('an interpreter that is missing is not a missing program', () => {
    const text = render(startFailure(failure(2, 'execve', '/bin/script'), names));
    expect(text).toMatch(/^exec: "\/bin\/script": execve: no such file or directory/);
    expect(text).toContain('interpreter');
    expect(text).toContain('/process/args/0');
  });
});

describe('remedies', () => {
  const bind = { ...({ step: 'bind-mount' } as Step), source: '/data', target: '/d' } as Step;

  test('a bind source that is missing is named', () => {
    expect(render(initFailure(bind, failure(2, 'open_tree', '/data'), names))).toBe(
      'bind mount /data on /d: open_tree: no such file or directory (ENOENT); make /data on the host first: the source of a bind mount is not made',
    );
  });

  test('another errno gets none that does not fit', () => {
    expect(initFailure(bind, failure(13, 'open_tree', '/data'), names).remedy).toBeUndefined();
  });
});

test('every step has words of its own', () => {
  const steps = Object.keys({ ...initSteps, ...attendSteps }).map((step) =>
    describeStep({ step, flags: 0, type: 0, arguments: [] } as unknown as Step),
  );
  for (const words of steps) expect(words).toMatch(/^[a-z][^\n]*$/);
});

test('an end by the out-of-memory killer is told from a plain exit', () => {
  expect(render(ended(137, true))).toContain('killed by signal 9; see dmesg');
  expect(render(ended(1, true))).toBe('launch: init ended with status 1');
  expect(render(ended(159, false))).toContain('killed by signal 31');
  expect(render(ended(159, true))).toContain('[config.json /linux/seccomp]; allow at least execve');
});
