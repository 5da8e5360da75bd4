// The documents in spec-fixtures/config and what must be said about the bad ones.

import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../spec-fixtures/config/', import.meta.url));
const EXPECTATION = '.expect.json';

/** One finding that must be made; `message` is a part of it, `severity` is `error` by default. */
export interface Expected {
  readonly pointer: string;
  readonly message: string;
  readonly severity?: 'error' | 'warning';
}

/** A document by name, without `.json`. */
export interface Fixture {
  readonly name: string;
  readonly text: string;
}

/** All documents of a folder. */
export function fixtures(folder: 'good' | 'bad'): Fixture[] {
  return fs
    .readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith('.json') && !file.endsWith(EXPECTATION))
    .map((file) => ({
      name: file.slice(0, -'.json'.length),
      text: fs.readFileSync(`${ROOT}${folder}/${file}`, 'utf8'),
    }));
}

/** What must be found in a bad document, and nothing else. */
export function expectations(name: string): Expected[] {
  return JSON.parse(fs.readFileSync(`${ROOT}bad/${name}${EXPECTATION}`, 'utf8'));
}

/** Whether a finding only says that a feature is still to come: the document is right by itself. */
export function isNotYet({ message }: { readonly message: string }): boolean {
  return message.endsWith('not supported yet');
}

const STRANGE = [null, true, -1, 1.5, 1e30, '', 'x', '\0', [], [null], {}, { x: null }];

/** Every document that differs from `value` in one place. */
export function* variants(
  value: unknown,
  strange: readonly unknown[] = STRANGE,
): Generator<unknown> {
  yield* strange;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    for (const variant of variants(item, strange)) {
      const copy = structuredClone(value) as Record<string, unknown>;
      copy[key] = variant;
      yield copy;
    }
  }
}

/** The smallest configuration, changed at will. */
export function minimal(): Record<string, unknown> {
  return {
    ociVersion: '1.3.0',
    process: { user: { uid: 0, gid: 0 }, args: ['true'], cwd: '/' },
    root: { path: 'rootfs' },
  };
}
