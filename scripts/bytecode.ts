// The chunks of scripts/bundle.ts as bytecode.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Compiles all of `chunks` into `out`; throws what the compiler said. */
export function compileModules(compiler: string, chunks: string, out: string): void {
  const names = readdirSync(chunks)
    .filter((name) => name.endsWith('.js'))
    .sort();
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const name of names) {
    const source = join(out, name);
    writeFileSync(source, withoutImport(readFileSync(join(chunks, name), 'utf8')));
    const args = [source, `${source}.bytecode`];
    const { status, stderr } = spawnSync(compiler, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${compiler}: ${stderr}`);
    rmSync(source);
  }
}

/**
 * A function of which no places are kept does not know its module, as import() has to; so a function
 * of the engine's host takes its place (addon/engine/globals.cc).
 */
function withoutImport(text: string): string {
  return text.replace(/\bimport\((?="\.\/chunk-\w+\.js"\))/g, 'importModule(');
}
