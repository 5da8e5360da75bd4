// Small C++ programs of the tests, compiled when they are first asked for.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of test/rig/programs/NAME.cc as a static executable, so that it also runs inside a
 * container; an ordinary user reaches it through a copy in the rig.
 */
export function program(name: string): string {
  const source = fileURLToPath(new URL(`./programs/${name}.cc`, import.meta.url));
  const folder = fileURLToPath(new URL('../../build/test-programs', import.meta.url));
  const product = `${folder}/${name}`;
  if (existsSync(product) && statSync(product).mtimeMs > statSync(source).mtimeMs) return product;
  mkdirSync(folder, { recursive: true });
  const mine = `${product}.${process.pid}`;
  execFileSync('g++', ['-std=c++20', '-O1', '-Wall', '-Werror', '-static', source, '-o', mine]);
  renameSync(mine, product);
  return product;
}
