// The results as Markdown: one table for each caller.

import type { Result } from './results.js';

/** All tables, without a heading. */
export function tableText(results: readonly Result[]): string {
  const callers = [...new Set(results.map(({ caller }) => caller))].sort();
  const parts = callers.map((caller) =>
    callerText(
      caller,
      results.filter((result) => result.caller === caller),
    ),
  );
  return [summary(results, callers), ...parts].join('\n');
}

function summary(results: readonly Result[], callers: readonly string[]): string {
  const verdicts = ['same', 'differs', 'alone', 'failed', 'untested'] as const;
  const lines = callers.map((caller) => {
    const own = results.filter((result) => result.caller === caller);
    return line([
      caller,
      ...verdicts.map((v) => String(own.filter((r) => r.verdict === v).length)),
    ]);
  });
  const head = ['caller', 'same', 'otherwise', 'no peer', 'failed', 'untested'];
  return [line(head), rule(head.length), ...lines, ''].join('\n');
}

function callerText(caller: string, results: readonly Result[]): string {
  const rows = new Map<string, Result[]>();
  for (const result of results) {
    const key = `${result.title}\0${result.name}`;
    rows.set(key, [...(rows.get(key) ?? []), result]);
  }
  const head = ['what', '', 'exit codes', 'root', 'user'];
  const body = [...rows.values()].sort(byTitle).map((own) => rowText(own));
  return [`## ${caller}`, '', line(head), rule(head.length), ...body, '', ...remarks(results)].join(
    '\n',
  );
}

/** Files of tests end in any order. */
function byTitle([one]: Result[], [other]: Result[]): number {
  return (one?.title ?? '').localeCompare(other?.title ?? '');
}

function rowText(own: readonly Result[]): string {
  const [first] = own;
  if (first === undefined) return '';
  const codes = [...new Set(own.flatMap(({ codes = [] }) => codes))].sort((a, b) => a - b);
  const of = (way: string) => {
    const result = own.find((one) => one.way === way);
    return result === undefined ? '' : answer(result);
  };
  return line([first.title, first.name, codes.join(' '), of('root'), of('user')]);
}

function answer({ verdict, peer }: Result): string {
  if (verdict === 'same') return `as ${peer}`;
  if (verdict === 'differs') return `not as ${peer}`;
  return { alone: 'yes', failed: '**failed**', untested: 'untested' }[verdict];
}

/** The reasons for whatever is not the same. */
function remarks(results: readonly Result[]): string[] {
  const said = results.filter(({ why }) => why !== undefined);
  const lines = said.map(({ name, peer, verdict, why }) => {
    const who = verdict === 'differs' ? `${peer}: ` : '';
    return `* ${name}: ${verdict === 'untested' ? 'untested: ' : who}${why}`;
  });
  return lines.length === 0 ? [] : [...new Set(lines), ''];
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function rule(columns: number): string {
  return line(Array(columns).fill('---'));
}
