// The table of the specification's properties is sound: every row has a name of its own, and what is
// said to be known names a case.

import { describe, expect, test } from '@jest/globals';
import { staleKeys } from './conformance/known.js';
import type { Row } from './conformance/row.js';
import { sections } from './conformance/sections.js';
import { tableText } from './conformance/table.js';

const rows: Row[] = Object.values(sections).flatMap((section) => section.rows);

test('each row of a section, and each case of a row, has a name of its own', () => {
  for (const section of Object.values(sections)) {
    const names = section.rows.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
  for (const row of rows) {
    const names = row.cases.map(({ name }) => name);
    expect([row.name, new Set(names).size]).toEqual([row.name, names.length]);
    expect(names).not.toEqual([]);
  }
});

test.each(['sampan', 'crun', 'runc'] as const)(
  'what is known of %s names cases that there are',
  (name) => {
    expect(staleKeys(name, rows)).toEqual([]);
  },
);

describe('the table', () => {
  const section = sections.document;
  const [row] = section.rows;
  const [one] = row?.cases ?? [];
  if (row === undefined || one === undefined) throw new Error('no row');
  const base = { section, row, one, known: undefined, runtime: 'sampan' as const };
  const yes = { ...base, way: 'root' as const, outcome: { kept: 'yes' as const } };
  const no = { ...base, way: 'user' as const, outcome: { kept: 'no' as const, why: 'it broke' } };
  const untested = { ...no, outcome: { kept: 'untested' as const, why: 'no such thing here' } };

  test.each([
    ['yes', [yes]],
    ['part', [yes, no]],
    ['no', [no]],
    ['yes, partly untested', [yes, untested]],
    ['untested', [untested]],
  ] as const)('says %s', (word, findings) => {
    const text = tableText(findings, ['sampan']);
    expect(text).toContain(`| ${row.name} | ${row.rule} | ${word} |`);
  });

  test('names what is not kept, with the reason that is known, and what is untested', () => {
    const text = tableText([{ ...no, known: 'not yet' }, untested], ['sampan']);
    expect(text).toContain(`* sampan, \`${row.name}\`, ${one.name} (user): not yet`);
    expect(text).toContain(`* \`${row.name}\`, ${one.name} (user): untested: no such thing here`);
  });
});
