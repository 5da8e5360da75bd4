// Takes away the environment variables by which an executable made by Bun can be turned into
// something else: BUN_BE_BUN makes it Bun itself, BUN_OPTIONS loads any script, BUN_INSPECT opens a
// debugger, and those of the bytecode name files to be written over. Bun has no option for that, and
// programs made with it pass them on to their children.

import { readFileSync, writeFileSync } from 'node:fs';

const names = [
  'BUN_BE_BUN',
  'BUN_BYTECODE_DIGEST_OUT',
  'BUN_BYTECODE_ORDER_NAMES_OUT',
  'BUN_BYTECODE_ORDER_OUT',
  'BUN_INSPECT',
  'BUN_OPTIONS',
];

/** Gives them names in the executable that no variable can have; throws when one is not found. */
export function sealExecutable(path: string): void {
  const bytes = readFileSync(path);
  for (const name of names) {
    if (rename(bytes, name) > 0) continue;
    throw new Error(`${path} does not know ${name}: see what this version of Bun has instead`);
  }
  writeFileSync(path, bytes);
}

function rename(bytes: Buffer, name: string): number {
  let count = 0;
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) {
    // A property in the engine's own JavaScript must stay an identifier.
    if (bytes[at - 1] === '.'.charCodeAt(0)) continue;
    bytes.write('=', at);
    count += 1;
  }
  return count;
}
