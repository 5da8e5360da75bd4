// A section of the table as jest tests.

import { describe } from '@jest/globals';
import { runtime } from '../rig/executable.js';
import { needs } from '../rig/needs.js';
import { patience } from '../rig/sanitizer.js';
import { knownFailure } from './known.js';
import type { Case, Row, Section, Way } from './row.js';
import { nameOf } from './runtimes.js';
import { check, untestable } from './try-case.js';

const limit = 60_000 * patience;
const name = nameOf(runtime);

/** One test for each case and way; a known gap must still be one. */
export function declareSection(section: Section): void {
  describe(section.title, () => {
    for (const row of section.rows) describe(row.name, () => declareRow(section, row));
  });
}

function declareRow(section: Section, row: Row): void {
  for (const one of row.cases) for (const way of one.ways) declareCase(section, row, one, way);
}

function declareCase(section: Section, row: Row, one: Case, way: Way): void {
  const lacking = untestable(section, one, way, runtime);
  // Not of the suite that must run: what a machine lacks is one of the answers of the table.
  const declare = needs('conformance', lacking === undefined, lacking ?? '');
  const gap = knownFailure(name, row, one, way);
  const body = () => check(one, way, runtime);
  const title = `${one.name} (${way})`;
  if (gap === undefined) declare(title, body, limit);
  else declare(`${title}: known gap, ${gap}`, () => mustFail(body), limit);
}

async function mustFail(body: () => Promise<void>): Promise<void> {
  const kept = await body().then(
    () => true,
    () => false,
  );
  if (kept) throw new Error('is kept now: take it out of test/conformance/known.ts');
}
