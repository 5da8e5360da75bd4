// Makes the products: build/sampan-init and build/sampan.node (CMake), dist/sampan (Bun), dist/lib
// (tsc). `build.ts native` makes only the first two. What is up to date is not made again.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { findBun } from './bun.mjs';
import { sealExecutable } from './seal-executable.js';
import { unlessFresh } from './stamp.js';

process.chdir(new URL('..', import.meta.url).pathname);

const bun = findBun() ?? 'bun';
const wireHeader = 'build/gen/wire/steps.gen.h';
const accepts = 'build/gen/spec/accepts.js';

/** Runs a command; its failure ends the build. */
function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) {
    console.error(`build: failed (${status}): ${command} ${args.join(' ')}`);
    process.exit(1);
  }
}

/** Writes the C++ side of the wire format; an unchanged header keeps its time. */
export function generateWireHeader(): void {
  const script = 'scripts/generate-wire.ts';
  const fresh = `${wireHeader}.new`;
  mkdirSync('build/gen/wire', { recursive: true });
  run(bun, [script, fresh]);
  const text = readFileSync(fresh, 'utf8');
  rmSync(fresh);
  if (existsSync(wireHeader) && readFileSync(wireHeader, 'utf8') === text) return;
  writeFileSync(wireHeader, text);
}

/** Writes the tests that the executable tries before the schemas. */
function generateAccepts(): void {
  run(bun, ['scripts/accepts-source.ts', accepts]);
}

function buildNative(): void {
  generateWireHeader();
  const cmakeJs = [
    'node_modules/cmake-js/bin/cmake-js',
    '--out',
    'build/cmake',
    '--log-level',
    'warn',
  ];
  const jobs = String(availableParallelism());
  run('node', [...cmakeJs, '--parallel', jobs, 'build']);
}

function packageVersion(): string {
  return JSON.parse(readFileSync('package.json', 'utf8')).version;
}

/** What is built, as git(1) names it; `unknown` outside of a clone. */
function commit(): string {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=12']);
  return status === 0 ? String(stdout).trim() : 'unknown';
}

async function buildExecutable(): Promise<void> {
  const flags = [
    '--compile',
    '--bytecode',
    '--minify',
    '--format=esm',
    // Without it every module's imports are loaded at start, also those of the help: 2.5 ms.
    '--splitting',
    // What is loaded together lies together: 0.25 ms.
    '--no-split-require',
    '--min-chunk-size=16384',
    // A verb ends before compiled code could pay for its compilation: 1.3 ms.
    '--compile-jit-policy=100',
    `--define=SAMPAN_VERSION=${JSON.stringify(packageVersion())}`,
    `--define=SAMPAN_COMMIT=${JSON.stringify(commit())}`,
    // Nothing may be read from the directory that sampan is started in.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    '--no-compile-autoload-tsconfig',
    '--no-compile-autoload-package-json',
  ];
  generateAccepts();
  const seal = 'scripts/seal-executable.ts';
  const paths = ['src', accepts, 'build/sampan.node', 'package-lock.json', 'package.json', seal];
  await unlessFresh('dist/sampan', { paths, texts: flags }, () => {
    run(bun, ['build', ...flags, 'src/main.ts', '--outfile', 'dist/sampan']);
    sealExecutable('dist/sampan');
  });
}

async function buildLibrary(): Promise<void> {
  const paths = ['src', 'tsconfig.json', 'tsconfig.lib.json', 'package-lock.json'];
  await unlessFresh('dist/lib/index.js', { paths }, () => {
    rmSync('dist/lib', { recursive: true, force: true });
    run('node_modules/.bin/tsc', ['-p', 'tsconfig.lib.json']);
  });
}

buildNative();
if (process.argv[2] !== 'native') {
  await buildExecutable();
  await buildLibrary();
}
