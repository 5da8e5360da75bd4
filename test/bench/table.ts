// The results as text.

import type { Result, Session } from './session.js';
import { median, pairedRatio, quantile } from './statistics.js';

/** Everything about one identity. */
export function sessionText(session: Session): string {
  return [
    `\n== as ${session.identity}, cgroups: ${session.cgroups}${optionsText(session)}\n`,
    table(
      ['', 'runtime', 'median ms', 'p90 ms', '÷ sampan', 'peak MB'],
      Object.entries(session.times).flatMap(([row, results]) =>
        Object.entries(results).map(([name, result]) => line(row, name, result, results['sampan'])),
      ),
    ),
    '\nWhat stays beside `sleep` in the foreground:\n',
    table(['', 'runtime', 'PSS MB', 'RSS MB', 'processes'], residentLines(session)),
    '\nWhere the time of `sampan run` goes (median, ms):\n',
    phasesText(session),
  ].join('\n');
}

function line(row: string, name: string, result: Result, own: Result | undefined): string[] {
  if (typeof result === 'string') return [row, name, '–', '–', '–', '–', result];
  const times = result.map(({ us }) => us);
  const ownTimes = Array.isArray(own) ? own.map(({ us }) => us) : [];
  return [
    row,
    name,
    (median(times) / 1000).toFixed(2),
    (quantile(times, 0.9) / 1000).toFixed(2),
    ownTimes.length === 0 ? '–' : pairedRatio(times, ownTimes).toFixed(2),
    (median(result.map(({ peakKiB }) => peakKiB)) / 1024).toFixed(1),
  ];
}

function residentLines({ resident }: Session): string[][] {
  return Object.entries(resident).map(([name, memory]) => {
    if (typeof memory === 'string') return ['', name, '–', '–', memory];
    const { pssKiB, rssKiB, processes } = memory;
    return ['', name, mega(pssKiB), mega(rssKiB), processes.join(', ')];
  });
}

const mega = (kibi: number) => (kibi / 1024).toFixed(1);

function phasesText({ phases }: Session): string {
  if (typeof phases === 'string') return `  – ${phases}`;
  const total = phases.reduce((sum, { us }) => sum + us, 0);
  const lines = [...phases, { name: 'together', us: total }];
  return table(
    ['', 'phase', 'ms', '%'],
    lines.map(({ name, us }) => [
      '',
      name,
      (us / 1000).toFixed(2),
      ((us / total) * 100).toFixed(0),
    ]),
  );
}

function optionsText({ options }: Session): string {
  const used = Object.entries(options).filter(([, words]) => words.length > 0);
  return used.map(([name, words]) => `; ${name} with ${words.join(' ')}`).join('');
}

/** Columns padded to their widest cell, those of numbers to the right. */
function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [head, ...lines];
  const columns = Math.max(...all.map((cells) => cells.length));
  const pads = Array.from({ length: columns }, (_, i) => {
    const width = Math.max(...all.map((cells) => cells[i]?.length ?? 0));
    const isNumber = lines.every((cells) => /^[\d.]+$|^–?$/.test(cells[i] ?? ''));
    return (cell: string) => (isNumber ? cell.padStart(width) : cell.padEnd(width));
  });
  const text = (cells: readonly string[]) => pads.map((pad, i) => pad(cells[i] ?? '')).join('  ');
  return all.map((cells) => text(cells).trimEnd()).join('\n');
}
