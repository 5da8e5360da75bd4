// What CMake builds with the sanitizers: the C++ tests, and the executable for the end-to-end tests.

import { availableParallelism } from 'node:os';
import { type Outcome, stage } from './stage.js';

export const testFolder = 'build/cmake-test';

/** Configures with `settings`, and builds what `targets` says. */
export function buildTests(
  what: string,
  settings: readonly string[] = [],
  targets: readonly string[] = [],
): Outcome[] {
  const configure = ['-S', '.', '-B', testFolder, '-DSAMPAN_TESTS=ON', ...settings];
  const configured = stage(`cmake for the ${what}`, 'cmake', configure);
  if (!configured.ok) return [configured];
  const jobs = String(availableParallelism());
  const build = ['--build', testFolder, '--parallel', jobs, ...targets];
  return [configured, stage(`build of the ${what}`, 'cmake', build)];
}
