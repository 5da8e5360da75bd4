// Growth as Markdown.

import { type Growth, growthRows, sizes } from './growth.js';
import { own, table, timesOf, titles } from './markdown.js';
import type { Session } from './session.js';
import { median, ratio } from './statistics.js';
import { type Grown, growthVerdict } from './targets.js';

/** What commands cost while more containers exist. */
export function growthText({ peers, growth }: Session): string {
  if (growth === undefined || typeof growth === 'string') return '';
  const oci = peers.filter(({ family }) => family !== undefined);
  const rows = growthRows.filter((row) => growth[sizes[0]]?.[row] !== undefined);
  const cells = (row: string) => oci.map(({ name }) => cell(timesBySize(growth, row, name)));
  const head = [`ms while ${sizes.join(' → ')} exist (×)`, ...titles(oci), 'target'];
  return table(
    head,
    rows.map((row) => [row, ...cells(row), judged(growth, row, oci)]),
  );
}

function timesBySize(growth: Growth, row: string, name: string): number[][] {
  return sizes.map((size) => timesOf(growth[size]?.[row]?.[name]));
}

function cell(times: readonly number[][]): string {
  if (!complete(times)) return '–';
  const shown = times.map((list) => (median(list) / 1000).toFixed(1)).join(' → ');
  return `${shown} (${ratio(times.at(-1) ?? [], times[0] ?? []).toFixed(2)})`;
}

function judged(growth: Growth, row: string, peers: Session['peers']): string {
  const grown = (name: string): Grown | undefined => {
    const times = timesBySize(growth, row, name);
    return complete(times) ? [times[0] ?? [], times.at(-1) ?? []] : undefined;
  };
  const found = grown(own);
  if (found === undefined) return '';
  const others = peers
    .filter(({ name }) => name !== own)
    .map(({ name, title }) => [title, grown(name)]);
  return growthVerdict(
    found,
    Object.fromEntries(others.filter(([, times]) => times !== undefined)),
  );
}

const complete = (times: readonly number[][]) => times.every((list) => list.length > 0);
