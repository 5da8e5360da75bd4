// The table of attacks in SECURITY.md.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { top } from './patches.js';

/** An attack, and the path of its test. */
export interface Row {
  readonly attack: string;
  readonly path: string;
}

/** All rows, in their order. */
export function rows(): Row[] {
  const text = readFileSync(join(top, 'SECURITY.md'), 'utf8');
  return [...text.matchAll(/^\| (.*) \| \[.*\]\((.*)\) \|$/gm)].map(
    ([, attack = '', path = '']) => ({ attack, path }),
  );
}

/** What patches call a row: its numbers, or all of it where it has none. */
export function keyOf({ attack }: Row): string {
  return /^(CVE-[^:]*):/.exec(attack)?.[1] ?? attack;
}
