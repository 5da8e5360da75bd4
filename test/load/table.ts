// What was found, as Markdown.

import { median, quantile } from '../bench/statistics.js';
import type { Finding } from './finding.js';
import type { Session } from './session.js';

/** The tables of all identities. */
export function tableText(sessions: readonly Session[]): string {
  return sessions.map(sessionText).join('\n');
}

function sessionText({ who, findings, traces, skipped }: Session): string {
  const head = [
    'what',
    'times',
    'median ms',
    'p90 ms',
    'slowest ms',
    'promises broken',
    'left over',
  ];
  const rows = [head, head.map(() => '---'), ...findings.map(cells)];
  const table = rows.map((row) => `| ${row.join(' | ')} |`);
  return [
    `## As ${who}`,
    '',
    ...table,
    '',
    ...findings.flatMap(troubles),
    ...skipped.map((reason) => `* not done: ${reason}`),
    ...(traces.length > 0 ? ['Where the killed commands had been, and what they left:', ''] : []),
    ...tally(traces),
    '',
  ].join('\n');
}

function cells({ what, times, count, broken, left }: Finding): string[] {
  const figures = [median(times), quantile(times, 0.9), Math.max(...times)];
  const shown = figures.map((ms) => (times.length === 0 ? '–' : ms.toFixed(1)));
  return [what, String(count), ...shown, none(broken.length), none(left.length)];
}

const none = (count: number) => (count === 0 ? 'none' : `**${count}**`);

function troubles({ what, broken, left }: Finding): string[] {
  return [
    ...broken.map((text) => `* broken, ${what}: ${text}`),
    ...left.map((text) => `* left over, ${what}: ${text}`),
  ];
}

/** How often each of the texts, as a list. */
function tally(texts: readonly string[]): string[] {
  const kinds = [...new Set(texts)].sort();
  return kinds.map((kind) => `* ${texts.filter((text) => text === kind).length} × ${kind}`);
}
