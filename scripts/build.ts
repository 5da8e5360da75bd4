// Makes the products: build/sampan-init and build/sampan.node (CMake), dist/sampan (src/ bundled
// by Bun, compiled to bytecode, loaded by the engine that CMake makes, and kept as it is then),
// dist/lib (tsc). `build.ts native` makes only the first two. What is up to date is not made again.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { findBun } from './bun.mjs';
import { compileModules } from './bytecode.js';
import { run } from './run.js';
import { withSnapshot } from './snapshot.js';
import { unlessFresh } from './stamp.js';

const root = new URL('..', import.meta.url).pathname.replace(/\/$/, '');
process.chdir(root);

const bun = findBun() ?? 'bun';
const wireHeader = 'build/gen/wire/steps.gen.h';
const accepts = 'build/gen/spec/accepts.js';
const jobs = String(availableParallelism());

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
  run('node', [...cmakeJs, '--parallel', jobs, 'build']);
}

/** Makes what is not part of `all`; buildNative has to have been there before. */
function buildTarget(name: string): void {
  run('cmake', ['--build', 'build/cmake', '--parallel', jobs, '--target', name]);
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
  const definitions = [
    `SAMPAN_VERSION=${JSON.stringify(packageVersion())}`,
    `SAMPAN_COMMIT=${JSON.stringify(commit())}`,
  ];
  generateAccepts();
  buildTarget('sampan-compile');
  const scripts = ['scripts/bundle.ts', 'scripts/bytecode.ts', 'build/sampan-compile'];
  const paths = ['src', accepts, ...scripts, 'package-lock.json', 'package.json'];
  const bytecode = 'build/gen/engine/bytecode';
  await unlessFresh(bytecode, { paths, texts: definitions }, () => {
    run(bun, ['scripts/bundle.ts', 'build/gen/engine/js', ...definitions]);
    compileModules('build/sampan-compile', 'build/gen/engine/js', bytecode);
  });
  buildTarget('sampan-executable');
  await withSnapshot('build/sampan-empty', bytecode, 'dist/sampan');
}

async function buildLibrary(): Promise<void> {
  const paths = ['src', 'tsconfig.json', 'tsconfig.lib.json', 'package-lock.json'];
  await unlessFresh('dist/lib/index.js', { paths }, () => {
    rmSync('dist/lib', { recursive: true, force: true });
    run('node_modules/.bin/tsc', ['-p', 'tsconfig.lib.json']);
  });
}

async function build(): Promise<void> {
  buildNative();
  if (process.argv[2] === 'native') return;
  await buildExecutable();
  await buildLibrary();
}

try {
  await build();
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
