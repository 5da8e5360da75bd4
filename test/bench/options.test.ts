import { expect, test } from '@jest/globals';
import { readOptions } from './options.js';

const read = (...words: string[]) =>
  readOptions(words, ['run', 'exec', 'run, 16 at once'], ['sampan', 'crun']);

test('all of it by default', () => {
  expect(read()).toEqual({
    ...{ rounds: 20, only: [], peers: [], as: undefined, write: false },
    bundles: ['default', 'podman', 'containerd'],
  });
});

test('rows and parts, peers and bundles are chosen by name', () => {
  const words = [
    '--only',
    'run,growth',
    '--peers',
    'sampan',
    '--peers',
    'crun',
    '--bundle',
    'podman',
  ];
  expect(read(...words, '--rounds', '3', '--as', 'root', '--write')).toEqual({
    ...{ rounds: 3, only: ['run', 'growth'], peers: ['sampan', 'crun'], as: 'root', write: true },
    bundles: ['podman'],
  });
});

test('a name may hold a comma', () => {
  expect(read('--only', 'run, 16 at once', '--only', 'run,exec').only).toEqual([
    ...['run, 16 at once', 'run', 'exec'],
  ]);
});

test.each([
  [['--rounds', '0'], '--rounds 0'],
  [['--only', 'walk'], '--only walk: one of run, exec, run, 16 at once, memory'],
  [['--peers', 'crun,youki'], '--peers youki: one of sampan, crun'],
  [['--bundle', 'docker'], '--bundle docker: one of default'],
])('%j is refused', (words, said) => {
  expect(() => read(...words)).toThrow(said);
});
