// What each comparison came to, handed from jest's workers to the table in a file.

import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { otherRoot } from '../rig/other-root.js';
import type { Way } from './compare.js';
import type { Finding } from './finding.js';

/** One line of the table. */
export interface Result extends Omit<Finding, 'error'> {
  readonly caller: string;
  readonly title: string;
  readonly name: string;
  readonly way: Way;
  readonly peer: string;
}

const folder = new URL('../../build/clients/', import.meta.url);
/** On the machine, with another release's callers, in the guest: apart, so that all can be tried at once. */
export type Place = 'here' | 'elsewhere' | 'guest';
const usual: Place = otherRoot ? 'elsewhere' : 'here';

function fileOf(place: Place): string {
  return fileURLToPath(new URL(`results-${place}.jsonl`, folder));
}

/** Puts a result down; `orThrow` then fails the test if it has failed. */
export function record(
  { error, ...result }: Result & Pick<Finding, 'error'>,
  place = usual,
): { orThrow(): void } {
  mkdirSync(folder, { recursive: true });
  // One write in append mode: lines of several workers do not mix.
  appendFileSync(fileOf(place), `${JSON.stringify(result)}\n`);
  return {
    orThrow: () => {
      if (result.verdict === 'failed') throw error;
    },
  };
}

/** Forgets the results of an earlier run. */
export function forget(place = usual): void {
  rmSync(fileOf(place), { force: true });
}

/** The last of each: what was tried again is what counts. */
export function results(place = usual): Result[] {
  const file = fileOf(place);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const all = lines.map((line) => JSON.parse(line) as Result);
  const keys = all.map(({ caller, title, name, way }) => [caller, title, name, way].join('\0'));
  return all.filter((_, index) => keys.lastIndexOf(keys[index] ?? '') === index);
}
