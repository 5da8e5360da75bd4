// Everything that `npm test` does once the machine is set up: build, look at the code, C++ unit
// tests, jest. All stages run even if an earlier one failed, except that nothing runs without a
// build. Arguments are passed to jest.

import { buildTargets, runTarget } from '../test/fuzz/native.js';
import { canMakeDebian, debianTree as makeDebianTree } from '../test/rig/rootfs.js';
import { vmImage, whyNoMachine } from '../test/vm/image.js';
import { buildTests, testFolder } from './build-tests.js';
import { check } from './checks.js';
import { jest } from './jest.js';
import { sanitizedTests } from './sanitized-tests.js';
import { type Outcome, report, stage, timed } from './stage.js';

function nativeTests(): Outcome[] {
  const build = buildTests('C++ tests');
  if (build.some(({ ok }) => !ok)) return build;
  const args = ['--test-dir', testFolder, '--output-on-failure'];
  return [...build, stage('C++ tests', 'ctest', args)];
}

/** What was found before, and a moment on; `npm run fuzz` goes on for longer. */
function fuzzTargets(): Promise<Outcome> {
  return timed('the fuzz targets', async () => {
    const seed = Date.now() % 2 ** 31;
    console.error(`seed ${seed}`);
    const kept = buildTargets()?.map((target) => runTarget(target, { seconds: 1, seed }));
    return kept?.every(Boolean) ?? false;
  });
}

/**
 * The guest by itself: an emulated machine would slow down what runs beside it. The one with callers has
 * a disk of its own, which takes minutes to make: it is left to `npm run test:vm`.
 */
const SAMPAN_GUESTS = process.env['SAMPAN_GUESTS'] ?? 'quick,systemd';

async function jestTests(args: readonly string[]): Promise<Outcome[]> {
  if (args.length > 0) return [jest('jest', args)];
  return [
    // Every test has its own places; callers share daemons and stores, and run one after the other.
    jest('jest', ['--selectProjects', 'unit', 'e2e', '--maxWorkers=100%']),
    jest('jest with callers', ['--selectProjects', 'clients']),
    ...(await sanitizedTests([])),
    jest('jest in the test guest', ['--selectProjects', 'vm'], { SAMPAN_GUESTS }),
  ];
}

/** Made before the tests, since making it the first time takes longer than a test may. */
function debianTree(): Promise<Outcome> {
  return timed('the Debian root filesystem', async () => {
    if (canMakeDebian) console.error(await makeDebianTree());
    return true;
  });
}

/** Made before the tests for the same reason. Where it cannot be, its tests are skipped with the cause. */
function testGuest(): Promise<Outcome> {
  return timed('the test guest', async () => {
    try {
      console.error(whyNoMachine() ?? (await vmImage()).disk);
    } catch (error) {
      console.error(error);
      process.env['SAMPAN_NO_GUEST'] = 'the test guest could not be made';
    }
    return true;
  });
}

const build = stage('build', process.execPath, ['scripts/build.ts']);
if (!build.ok) process.exit(report([build]));
const jestArguments = process.argv.slice(2);
process.exit(
  report([
    build,
    ...(await check()),
    ...nativeTests(),
    await fuzzTargets(),
    await debianTree(),
    await testGuest(),
    ...(await jestTests(jestArguments)),
  ]),
);
