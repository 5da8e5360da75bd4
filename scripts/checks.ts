// Looks at the code without running it: layout, lint and types of the TypeScript, layout and lint
// of the C++.

import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Outcome, stage } from './stage.js';

const bin = 'node_modules/.bin/';

/** Files under addon/ with one of the given endings. */
function native(...endings: string[]): string[] {
  const files = existsSync('addon')
    ? readdirSync('addon', { recursive: true, encoding: 'utf8' })
    : [];
  return files
    .filter((f) => endings.some((e) => f.endsWith(e)))
    .map((f) => join('addon', f))
    .sort();
}

function clangFormat(...args: string[]): Outcome[] {
  const files = native('.cc', '.h');
  return files.length === 0 ? [] : [stage('clang-format', 'clang-format', [...args, ...files])];
}

/** clang-tidy over what CMake compiles, in parallel; the headers are seen through their sources. */
function clangTidy(): Outcome[] {
  const files = native('.cc').filter((file) => !file.endsWith('_test.cc'));
  if (files.length === 0 || !existsSync('build/cmake/compile_commands.json')) return [];
  const each = 'printf "%s\\0" "$@" | xargs -0 -n 1 -P "$JOBS" clang-tidy --quiet -p build/cmake';
  const env = { JOBS: String(availableParallelism()) };
  return [stage('clang-tidy', 'sh', ['-c', each, 'clang-tidy', ...files], env)];
}

/** All checks, in the order of how soon they tell. */
export function check(): Outcome[] {
  return [
    stage('biome', `${bin}biome`, ['check', '--error-on-warnings', '.']),
    stage('tsc', `${bin}tsc`, ['--noEmit', '-p', '.']),
    ...clangFormat('--dry-run', '-Werror'),
    ...clangTidy(),
  ];
}

/** Lays out everything and mends what can be mended. */
export function mend(): Outcome[] {
  return [stage('biome', `${bin}biome`, ['check', '--write', '.']), ...clangFormat('-i')];
}
