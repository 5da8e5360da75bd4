// Small C++ programs of the tests, compiled when they are first asked for.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of test/rig/programs/NAME.cc, or of all in the folder NAME, as a static executable, so that
 * it also runs inside a container; an ordinary user reaches it through a copy in the rig.
 */
export function program(name: string): string {
  const files = sources(fileURLToPath(new URL(`./programs/${name}`, import.meta.url)));
  const folder = fileURLToPath(new URL('../../build/test-programs', import.meta.url));
  const product = `${folder}/${name}`;
  if (existsSync(product) && files.every((file) => age(product) > age(file))) return product;
  mkdirSync(folder, { recursive: true });
  const mine = `${product}.${process.pid}`;
  const units = files.filter((file) => file.endsWith('.cc'));
  execFileSync('g++', ['-std=c++20', '-O1', '-Wall', '-Werror', '-static', ...units, '-o', mine]);
  renameSync(mine, product);
  return product;
}

function sources(path: string): string[] {
  if (!existsSync(path)) return [`${path}.cc`];
  return readdirSync(path).map((name) => `${path}/${name}`);
}

function age(path: string): number {
  return statSync(path).mtimeMs;
}
