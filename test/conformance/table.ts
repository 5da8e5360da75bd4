// The findings as Markdown.

import type { Case, Section, Way } from './row.js';
import type { RuntimeName } from './runtimes.js';
import type { Finding } from './survey.js';

/** The whole document, without a heading. */
export function tableText(findings: readonly Finding[], runtimes: readonly RuntimeName[]): string {
  const sections = unique(findings.map(({ section }) => section));
  const parts = sections.map((section) =>
    sectionText(
      section,
      findings.filter((finding) => finding.section === section),
      runtimes,
    ),
  );
  return [summary(findings, runtimes), ...parts].join('\n');
}

function sectionText(
  { title, rows }: Section,
  findings: readonly Finding[],
  runtimes: readonly RuntimeName[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = [
    line(['property', 'rule', ...runtimes]),
    line(['---', '---', ...runtimes.map(() => '---')]),
  ];
  const body = rows.map((row) => {
    const of = (name: RuntimeName) =>
      answer(findings.filter((finding) => finding.row === row && finding.runtime === name));
    return line([cell(row.name), cell(row.rule), ...runtimes.map(of)]);
  });
  return [`## ${title}`, '', ...head, ...body, '', ...remarks(findings)].join('\n');
}

/** `yes` when every case is kept, or every one that could be tested; `part` when some are. */
function answer(findings: readonly Finding[]): string {
  const tested = findings.filter(({ outcome }) => outcome.kept !== 'untested');
  if (tested.length === 0) return 'untested';
  const kept = tested.filter(({ outcome }) => outcome.kept === 'yes').length;
  if (kept === 0) return 'no';
  if (kept < tested.length) return 'part';
  return tested.length < findings.length ? 'yes, partly untested' : 'yes';
}

/** What is not `yes`, in words: one line for each runtime, row and reason. */
function remarks(findings: readonly Finding[]): string[] {
  const lines = new Map<string, Map<Case, Way[]>>();
  for (const finding of findings) {
    if (finding.outcome.kept === 'yes') continue;
    const line = remark(finding);
    const cases = lines.get(line) ?? new Map<Case, Way[]>();
    lines.set(line, cases.set(finding.one, [...(cases.get(finding.one) ?? []), finding.way]));
  }
  if (lines.size === 0) return [];
  const text = [...lines].map(([line, cases]) =>
    line.replace('CASES', () => [...cases].map(([one, ways]) => named(one, ways)).join('; ')),
  );
  return [...text, ''];
}

/** The line that a finding belongs to, with CASES in place of the cases. */
function remark({ outcome, runtime, row, known }: Finding): string {
  if (outcome.kept === 'untested') return `* \`${row.name}\`, CASES: untested: ${outcome.why}`;
  return `* ${runtime}, \`${row.name}\`, CASES${known === undefined ? '' : `: ${known}`}`;
}

/** A case, with the way where it is about only one of several. */
function named({ name, ways }: Case, found: readonly Way[]): string {
  const all = ways.every((way) => found.includes(way));
  return all ? name : `${name} (${[...new Set(found)].join(', ')})`;
}

function summary(findings: readonly Finding[], runtimes: readonly RuntimeName[]): string {
  const lines = runtimes.map((runtime) => {
    const own = findings.filter((finding) => finding.runtime === runtime);
    const count = (kept: string) => own.filter(({ outcome }) => outcome.kept === kept).length;
    return `| ${runtime} | ${count('yes')} | ${count('no')} | ${count('untested')} |`;
  });
  return ['| cases | kept | not kept | untested |', '| --- | --- | --- | --- |', ...lines, ''].join(
    '\n',
  );
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
