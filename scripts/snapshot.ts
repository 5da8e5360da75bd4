// The executable is the program that the linker made with the snapshot that it makes of itself
// (addon/engine/snapshot.h).

import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { run } from './run.js';
import { unlessFresh } from './stamp.js';

/** A machine as usual ones are, and a bundle as engines write them: no command sees this machine's. */
const machine = 'scripts/rehearsal';

/** What is rehearsed, by verbs whose data then lie together: those of the last one in front. */
const rehearsals = [
  'spec -b plain',
  '--root root create -b rich c',
  '--root root list',
  '--root root run -b rich b',
  '--root root run -b plain a',
  '--root root delete b',
  '--root root state c',
];

/**
 * Makes `product` of `program` and the compiled modules in the folder `modules`. Without `fast` its
 * heap lies as it comes: sanitizers do not let the program look at its own memory.
 */
export async function withSnapshot(
  program: string,
  modules: string,
  product: string,
  fast = true,
): Promise<void> {
  await unlessFresh(product, { paths: [program, modules, machine], texts: rehearsals }, () => {
    const places = fast ? [learnPlaces(program, modules)] : [];
    const snapshot = makeSnapshot(program, modules, places);
    mkdirSync(dirname(product), { recursive: true });
    run('objcopy', ['--update-section', `.snapshot=${snapshot}`, program, product]);
  });
}

/** Where each block of the heap is to lie (addon/engine/places.h): what is learnt of `rehearsals`. */
function learnPlaces(program: string, modules: string): string {
  const [folder, places] = [`${program}.rehearsal`, `${program}.places`];
  const commands = rehearsals.flatMap((line) => ['--', ...line.split(' ')]);
  rmSync(places, { force: true });
  // The second time it sees what the first does not show.
  for (let time = 1; time <= 2; time++) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(machine, folder, { recursive: true });
    for (const root of ['plain/rootfs', 'rich/rootfs']) {
      mkdirSync(`${folder}/${root}`, { recursive: true });
    }
    run(program, [modules, folder, places, ...commands]);
  }
  return places;
}

/**
 * The heap with all modules loaded, as `program` writes it. It is made twice, since the program lies
 * elsewhere each time: what is not the same then must not be kept.
 */
function makeSnapshot(program: string, modules: string, places: readonly string[]): string {
  const [first, second] = [`${program}.snapshot.1`, `${program}.snapshot.2`];
  for (const path of [first, second]) run(program, [modules, path, ...places]);
  if (readFileSync(first).equals(readFileSync(second))) return first;
  throw new Error(`${first} and ${second} differ: something in the heap depends on the process`);
}
