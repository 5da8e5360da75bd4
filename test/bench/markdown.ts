// What the tables are made of.

import type { Result } from './rounds.js';
import type { Measured } from './session.js';

/** Whom the others are compared with. */
export const own = 'sampan';

export function timesOf(result: Result | undefined): number[] {
  return result === undefined || typeof result === 'string' ? [] : result.map(({ us }) => us);
}

export const titles = (peers: readonly Measured[]) => peers.map(({ title }) => title);

export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
