// `npm run conformance [-- --runtime NAME… --section NAME… --write]`: the table of the
// specification's properties and who keeps them, as Markdown on standard output or, with --write, in
// docs/conformance.md. `--check` (`npm run test:peers`) tells instead where a runtime does other than
// test/conformance/known.ts says, and fails if one does.

import { mkdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { parseArgs } from 'node:util';
import { installed, type RuntimeName, versionOf } from './runtimes.js';
import { type SectionKey, sections } from './sections.js';
import { type Finding, survey } from './survey.js';
import { tableText } from './table.js';

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', multiple: true },
    section: { type: 'string', multiple: true },
    write: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    why: { type: 'boolean', default: false },
  },
});

const runtimes = installed().filter((name) => values.runtime?.includes(name) ?? true);
const keys = Object.keys(sections) as SectionKey[];
const chosen = keys.filter((key) => values.section?.includes(key) ?? true);

const started = performance.now();
const findings = await survey(
  chosen.map((key) => sections[key]),
  runtimes,
  tell,
);
process.stderr.write('\n');
if (values.check) process.exitCode = report(findings, runtimes);
else print(tableText(findings, runtimes));
console.error(`${findings.length} cases, ${Math.round((performance.now() - started) / 1000)} s`);

/** A dot for a case that is kept, and with --why what went wrong with each that is not. */
function tell({ runtime, row, one, way, outcome, known }: Finding): void {
  if (outcome.kept !== 'no') process.stderr.write(outcome.kept === 'yes' ? '.' : '-');
  else if (!values.why || known !== undefined) process.stderr.write('!');
  else
    console.error(
      `\n${runtime} ${row.name} › ${one.name} (${way})\n${outcome.why.split('\n\nCommands:')[0]}`,
    );
}

/** Where a runtime does other than is known; the result is the exit status. */
function report(all: readonly Finding[], names: readonly RuntimeName[]): number {
  const surprises = all.filter(({ outcome, known }) =>
    known === undefined ? outcome.kept === 'no' : outcome.kept === 'yes',
  );
  for (const { runtime, row, one, way, known } of surprises) {
    const what = known === undefined ? 'does not keep' : 'keeps, against what is known,';
    console.log(`${runtime} ${what} ${row.name} › ${one.name} (${way})`);
  }
  for (const name of names) {
    const own = all.filter((finding) => finding.runtime === name);
    const failed = own.filter(({ outcome }) => outcome.kept === 'no').length;
    const odd = surprises.filter((finding) => finding.runtime === name).length;
    console.log(`${name}: ${own.length} cases, ${failed} not kept, ${odd} other than known`);
  }
  return surprises.length === 0 ? 0 : 1;
}

function print(table: string): void {
  if (!values.write) return void process.stdout.write(table);
  const head = [
    '# Conformance',
    '',
    'What the OCI runtime specification 1.3 asks for, property by property, and whether containers',
    'made by each runtime show it. Each answer was found by running containers (`npm run conformance',
    '-- --write` writes this page). `part`: kept in some of the cases, which are named below the',
    'table with the reason; `untested`: not testable on the machine that wrote this page.',
    '',
    `Compared are ${runtimes.map(versionOf).join(', ')} on Linux ${release().split('.', 2).join('.')}.`,
    '',
  ];
  const page = new URL('../../docs/conformance.md', import.meta.url);
  mkdirSync(new URL('.', page), { recursive: true });
  writeFileSync(page, `${head.join('\n')}\n${table}`);
}
