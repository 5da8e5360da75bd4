// Other shares for a class of service, in a directory that has resctrl's files.

import * as fs from 'node:fs';
import { expect, test } from '@jest/globals';
import { updateClass } from '../../src/container/update-class.js';
import { temporaryDirectory } from './temporary.js';

const mount = temporaryDirectory();

/** A group with `schemata`; its path. */
function group(name: string, schemata: string): string {
  fs.mkdirSync(`${mount}/${name}`);
  fs.writeFileSync(`${mount}/${name}/schemata`, schemata);
  return `${mount}/${name}`;
}

// The kernel keeps what a write does not name; a file of this directory is only added to.
test('the class that was made for the container gets the shares, in one write', () => {
  const made = group('own', 'L3:0=ff\n');
  const monitor = `${made}/mon_groups/web`;
  updateClass('update', [made, monitor], {
    l3CacheSchema: 'L3:0=0f\nMB:0=1',
    memBwSchema: 'MB:0=50',
  });
  expect(fs.readFileSync(`${made}/schemata`, 'utf8')).toBe('L3:0=ff\nL3:0=0f\nMB:0=50\n');
});

test('a class that the container only joined is left alone', () => {
  const shared = group('shared', 'L3:0=ff\n');
  for (const made of [undefined, [], [`${shared}/mon_groups/web`]]) {
    expect(() => updateClass('update', made, { memBwSchema: 'MB:0=50' })).toThrow(
      /^update: no class of service was made for this container; create it with a schema/,
    );
  }
  expect(fs.readFileSync(`${shared}/schemata`, 'utf8')).toBe('L3:0=ff\n');
});

test('one that is gone is told with its path', () => {
  expect(() => updateClass('update', [`${mount}/gone`], { memBwSchema: 'MB:0=50' })).toThrow(
    /^update: .*\/gone\/schemata: open: .*ENOENT/,
  );
});
