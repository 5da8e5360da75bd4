// clang-tidy over what CMake compiles, some files at a time; a file that passed is looked at again
// when it, a header or the settings have changed.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fresh } from './stamp.js';

const database = 'build/cmake';

/** Prints what clang-tidy finds in those of `sources` that are compiled; `headers` are what they may include. */
export async function tidy(
  sources: readonly string[],
  headers: readonly string[],
): Promise<boolean> {
  const compiled = compiledFiles();
  const queue = sources.filter((source) => compiled.has(resolve(source)));
  let ok = true;
  const worker = async () => {
    for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
      const stamp = fresh(`${source}.tidy`, { paths: [source, ...headers, '.clang-tidy'] });
      if (stamp.ok) continue;
      const passed = await look(source);
      if (passed) stamp.renew();
      ok &&= passed;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return ok;
}

/** Of the products; what only tests have is theirs to look at. */
function compiledFiles(): Set<string> {
  const commands: { file: string }[] = JSON.parse(
    readFileSync(`${database}/compile_commands.json`, 'utf8'),
  );
  return new Set(commands.map(({ file }) => file));
}

function look(source: string): Promise<boolean> {
  return new Promise((done) => {
    execFile('clang-tidy', ['--quiet', '-p', database, source], (error, stdout, stderr) => {
      const said =
        stdout + stderr.replace(/^\d+ warnings? (generated|treated as errors?)\.?\n/gm, '');
      if (said.trim() !== '') console.error(said.trim());
      done(error === null);
    });
  });
}
