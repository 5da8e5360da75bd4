// Looks at the code without running it: layout, lint and types of the TypeScript, layout and lint
// of the C++.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, stage, timed } from './stage.js';
import { tidy } from './tidy.js';

const bin = 'node_modules/.bin/';

/** Files under addon/ with one of the given endings. */
function native(...endings: string[]): string[] {
  const files = readdirSync('addon', { recursive: true, encoding: 'utf8' });
  return files
    .filter((f) => endings.some((e) => f.endsWith(e)))
    .map((f) => join('addon', f))
    .sort();
}

function clangFormat(...args: string[]): Outcome {
  return stage('clang-format', 'clang-format', [...args, ...native('.cc', '.h')]);
}

function clangTidy(): Promise<Outcome> {
  const sources = native('.cc').filter((file) => !/_(test|fuzz)\.cc$/.test(file));
  return timed('clang-tidy', () => tidy(sources, native('.h')));
}

/** All checks, in the order of how soon they tell. */
export async function check(): Promise<Outcome[]> {
  return [
    stage('biome', `${bin}biome`, ['check', '--error-on-warnings', '.']),
    stage('tsc', `${bin}tsc`, ['--noEmit', '-p', '.']),
    // What the executable runs uses nothing that its engine has not.
    stage('tsc engine', `${bin}tsc`, ['--noEmit', '-p', 'tsconfig.engine.json']),
    clangFormat('--dry-run', '-Werror'),
    await clangTidy(),
  ];
}

/** Lays out everything and mends what can be mended. */
export function mend(): Outcome[] {
  return [stage('biome', `${bin}biome`, ['check', '--write', '.']), clangFormat('-i')];
}
