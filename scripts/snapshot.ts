// The executable is the program that the linker made with the snapshot that it makes of itself
// (addon/engine/snapshot.h).

import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { run } from './run.js';
import { unlessFresh } from './stamp.js';

/** Makes `product` of `program` and the compiled modules in the folder `modules`. */
export async function withSnapshot(
  program: string,
  modules: string,
  product: string,
): Promise<void> {
  await unlessFresh(product, { paths: [program, modules] }, () => {
    const snapshot = makeSnapshot(program, modules);
    mkdirSync(dirname(product), { recursive: true });
    run('objcopy', ['--update-section', `.snapshot=${snapshot}`, program, product]);
  });
}

/**
 * The heap with all modules loaded, as `program` writes it. It is made twice, since the program lies
 * elsewhere each time: what is not the same then must not be kept.
 */
function makeSnapshot(program: string, modules: string): string {
  const [first, second] = [`${program}.snapshot.1`, `${program}.snapshot.2`];
  for (const path of [first, second]) run(program, [modules, path]);
  if (readFileSync(first).equals(readFileSync(second))) return first;
  throw new Error(`${first} and ${second} differ: something in the heap depends on the process`);
}
