// Everything that `npm test` does once the machine is set up: build, look at the code, C++ unit
// tests, jest. All stages run even if an earlier one failed, except that nothing runs without a
// build. Arguments are passed to jest.

import { availableParallelism } from 'node:os';
import { check } from './checks.js';
import { type Outcome, report, stage } from './stage.js';

function nativeTests(): Outcome[] {
  const folder = 'build/cmake-test';
  const build = [
    stage('cmake for the C++ tests', 'cmake', ['-S', '.', '-B', folder, '-DSAMPAN_TESTS=ON']),
    stage('build of the C++ tests', 'cmake', [
      ...['--build', folder, '--parallel', String(availableParallelism())],
    ]),
  ];
  if (build.some(({ ok }) => !ok)) return build;
  const args = ['--test-dir', folder, '--output-on-failure'];
  return [...build, stage('C++ tests', 'ctest', args)];
}

function jestTests(args: string[]): Outcome {
  const NODE_OPTIONS = '--experimental-vm-modules --no-warnings';
  const jest = ['node_modules/jest/bin/jest.js', '--passWithNoTests', ...args];
  return stage('jest', 'node', jest, { NODE_OPTIONS });
}

const build = stage('build', process.execPath, ['scripts/build.ts']);
if (!build.ok) process.exit(report([build]));
process.exit(
  report([build, ...(await check()), ...nativeTests(), jestTests(process.argv.slice(2))]),
);
