// SECURITY.md says which test shows each attack to be in vain.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { top } from './defences/patches.js';
import { rows } from './defences/rows.js';

const read = (path: string) => readFileSync(join(top, path), 'utf8');
const numbers = (text: string) => text.match(/CVE-\d{4}-\d+/g) ?? [];

test('each attack is named in its test', () => {
  expect(rows().length).toBeGreaterThan(30);
  for (const { attack, path } of rows()) {
    const tried = read(path);
    for (const number of numbers(attack)) expect(tried).toContain(number);
  }
});

test('each attack that is tried is in the table', () => {
  const listed = new Set(rows().flatMap(({ attack }) => numbers(attack)));
  for (const name of readdirSync(join(top, 'test/e2e/attacks'))) {
    for (const number of numbers(read(`test/e2e/attacks/${name}`)))
      expect(listed).toContain(number);
  }
});
