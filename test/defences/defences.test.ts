// What `npm run test:defences` tries stays complete, and can be tried: it takes too long for each change.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { page } from './page.js';
import { type Defence, defences, top } from './patches.js';
import { peers } from './peers.js';
import { reasons } from './reasons.js';
import { keyOf, rows } from './rows.js';

const all = defences();
const keys = rows().map(keyOf);

test('each attack of SECURITY.md has a patch that takes its defence away, or a reason for none', () => {
  const without = keys.filter((key) => !all.some(({ attack }) => attack === key));
  expect(without.sort()).toEqual(Object.keys(reasons).sort());
});

test.each(all)(
  '$name belongs to a row, and names a test of it',
  ({ attack, test: path, title }: Defence) => {
    expect(keys).toContain(attack);
    const row = rows()[keys.indexOf(attack)];
    expect(path).toBe(row?.path);
    expect(readFileSync(join(top, path), 'utf8')).toContain(title.split(/[|.,(]/)[0]);
  },
);

test.each(all)('$name applies', ({ path }: Defence) => {
  execFileSync('git', ['apply', '--check', path], { cwd: top, stdio: 'pipe' });
});

test('what is known of other runtimes is about attacks of the table', () => {
  for (const key of Object.keys(peers)) expect(keys).toContain(key);
});

test('docs/attacks.md is what `npm run test:defences -- --write` writes', () => {
  expect(readFileSync(join(top, 'docs/attacks.md'), 'utf8')).toBe(page());
});
