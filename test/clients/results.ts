// What each comparison came to, handed from jest's workers to the table in a file.

import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { otherRoot } from '../rig/other-root.js';
import type { Finding, Way } from './compare.js';

/** One line of the table. */
export interface Result extends Omit<Finding, 'error'> {
  readonly caller: string;
  readonly title: string;
  readonly name: string;
  readonly way: Way;
  readonly peer: string;
}

const folder = new URL('../../build/clients/', import.meta.url);
/** Apart for another release, so that the two can be tried at once. */
const file = fileURLToPath(new URL(`results${otherRoot ? '-elsewhere' : ''}.jsonl`, folder));

/** Puts a result down; `orThrow` then fails the test if it has failed. */
export function record({ error, ...result }: Result & Pick<Finding, 'error'>): {
  orThrow(): void;
} {
  mkdirSync(folder, { recursive: true });
  // One write in append mode: lines of several workers do not mix.
  appendFileSync(file, `${JSON.stringify(result)}\n`);
  return {
    orThrow: () => {
      if (result.verdict === 'failed') throw error;
    },
  };
}

/** Forgets the results of an earlier run. */
export function forget(): void {
  rmSync(file, { force: true });
}

export function results(): Result[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Result);
}
