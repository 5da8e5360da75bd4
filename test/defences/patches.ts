// Patches that each take one defence away, and what is to fail then.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const top = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const folder = join(top, 'test/defences/patches');

/** The head of a patch, in front of its first `diff`. */
export interface Defence {
  readonly name: string;
  readonly path: string;
  /** The row of SECURITY.md, as far as its colon. */
  readonly attack: string;
  /** What holds, and where. */
  readonly defence: string;
  /** What is so with the patch. */
  readonly removed: string;
  /** The file of the test. */
  readonly test: string;
  /** Its title, a regular expression. */
  readonly title: string;
}

/** All patches. */
export function defences(): Defence[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.patch'));
  return names.sort().map((file) => {
    const path = join(folder, file);
    const head = readFileSync(path, 'utf8').split('\ndiff ')[0] ?? '';
    const line = (key: string): string => {
      const text = new RegExp(`^${key}: (.+)$`, 'm').exec(head)?.[1];
      if (text === undefined) throw new Error(`${path}: no line ${key}:`);
      return text;
    };
    return {
      name: file.replace(/\.patch$/, ''),
      path,
      attack: line('Attack'),
      defence: line('Defence'),
      removed: line('Removed'),
      test: line('Test'),
      title: line('Title'),
    };
  });
}
