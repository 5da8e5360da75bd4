// Memory as Markdown.

import { numbersOf, own, table, titles } from './markdown.js';
import type { Memory, Waiting } from './memory.js';
import type { Measured, PerPeer, Session, Times } from './session.js';
import { median } from './statistics.js';
import { createdVerdict, foregroundVerdict } from './targets.js';

/** What commands need at most, and what stays of them. */
export function memoryText(session: Session): string {
  const { peers, times, foreground, created } = session;
  const waiting = (show: (one: Waiting) => string) => mapped(created, show);
  const lines = [
    ...times.filter(hasPeaks).map((one) => peakLine(peers, one)),
    line(
      'beside one in the foreground',
      peers,
      mapped(foreground, sizeOf),
      foregroundVerdict,
      foreground,
    ),
    line(
      'after create: its process',
      peers,
      waiting(({ own }) => sizeOf(own)),
      createdVerdict,
      created,
    ),
    line(
      'after create: beside it',
      peers,
      waiting(({ beside }) => besideOf(beside)),
      () => '',
      created,
    ),
  ].filter((cells) => cells.slice(1).some((cell) => cell !== '–' && cell !== ''));
  if (lines.length === 0) return '';
  return table(['memory, MB (RSS / PSS)', ...titles(peers), 'target'], lines);
}

function hasPeaks({ bundle, results }: Times): boolean {
  const [first] = Object.values(results).filter((result) => typeof result !== 'string');
  return bundle === 'default' && first?.[0]?.peakKiB !== undefined;
}

function peakLine(peers: readonly Measured[], { row, results }: Times): string[] {
  const cells = peers.map(({ name }) => {
    const peaks = numbersOf(results[name], ({ peakKiB }) => peakKiB);
    return peaks.length === 0 ? '–' : mega(median(peaks));
  });
  return [`peak of ${row}`, ...cells, ''];
}

function line<T>(
  what: string,
  peers: readonly Measured[],
  shown: PerPeer<string>,
  judge: (ours: T) => string,
  found: PerPeer<T>,
): string[] {
  const ours = found[own];
  const judged = ours === undefined || typeof ours === 'string' ? '' : judge(ours);
  return [what, ...peers.map(({ name }) => shown[name] ?? '–'), judged];
}

/** A text in place of a result is told below the tables. */
function mapped<T>(found: PerPeer<T>, show: (one: T) => string): Record<string, string> {
  const entries = Object.entries(found).map(([name, one]) => [
    name,
    typeof one === 'string' ? '–' : show(one as T),
  ]);
  return Object.fromEntries(entries);
}

const mega = (kibi: number) => (kibi / 1024).toFixed(1);
const sizeOf = ({ rssKiB, pssKiB }: Memory) => `${mega(rssKiB)} / ${mega(pssKiB)}`;
const besideOf = (memory: Memory) =>
  memory.processes.length === 0 ? 'nothing' : `${memory.processes.length}: ${sizeOf(memory)}`;
