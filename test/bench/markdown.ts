// What the tables are made of.

import type { Sample } from './measure.js';
import type { Result } from './rounds.js';
import type { Measured } from './session.js';

/** Whom the others are compared with. */
export const own = 'sampan';

export function timesOf(result: Result | undefined): number[] {
  return numbersOf(result, ({ us }) => us);
}

/** One of the numbers of each sample, where it has it. */
export function numbersOf(
  result: Result | undefined,
  pick: (sample: Sample) => number | undefined,
): number[] {
  if (result === undefined || typeof result === 'string') return [];
  return result.flatMap((sample) => pick(sample) ?? []);
}

export const titles = (peers: readonly Measured[]) => peers.map(({ title }) => title);

export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
