// The executable with sanitizers, and the end-to-end tests with it.

import { emptyReports, reportsFile, reportsFrom } from '../test/rig/sanitizer.js';
import { buildTests } from './build-tests.js';
import { jest } from './jest.js';
import { withSnapshot } from './snapshot.js';
import { type Outcome, timed } from './stage.js';

/** Where scripts/build.ts puts them. */
const modules = 'build/gen/engine/bytecode';

/** Makes build/sanitized/sampan; the scripts in it must have been compiled (scripts/build.ts). */
async function build(): Promise<Outcome[]> {
  const outcomes = buildTests(
    'sanitizers',
    [`-DREPORTS=${reportsFile()}`],
    ['--target', 'sampan-sanitized'],
  );
  if (outcomes.some(({ ok }) => !ok)) return outcomes;
  emptyReports();
  const snapshot = await timed('snapshot with sanitizers', async () => {
    await withSnapshot('build/sanitized/sampan-empty', modules, 'build/sanitized/sampan', false);
    return true;
  });
  return [...outcomes, snapshot];
}

/** What was found outside of a test too. */
function found(): Promise<Outcome> {
  return timed('what the sanitizers found', async () => {
    const text = reportsFrom(0);
    console.error(text === '' ? 'nothing' : text);
    return text === '';
  });
}

/** Builds, and runs the end-to-end tests, or those that `args` choose (jest). */
export async function sanitizedTests(args: readonly string[]): Promise<Outcome[]> {
  const built = await build();
  if (built.some(({ ok }) => !ok)) return built;
  // What the machine lacks has been a failure without the sanitizers.
  const env = { SAMPAN_SANITIZED: '1', SAMPAN_MUST_RUN: '' };
  return [
    ...built,
    jest('jest with sanitizers', ['--selectProjects', 'e2e', '--maxWorkers=100%', ...args], env),
    await found(),
  ];
}
