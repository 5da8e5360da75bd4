// The findings of `validate`, for people and for programs.

import type { Problem } from '../spec/validate.js';
import { visible } from '../visible.js';
import type { BundleReport } from './check-bundle.js';

/** One JSON object: bundle, config, valid and the problems with all their parts. */
export function jsonReport(report: BundleReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** A line or two for each problem, then how many there are. */
export function textReport({ config, problems }: BundleReport): string {
  return [visible(config), ...problems.flatMap(lines), summary(problems), ''].join('\n');
}

function lines({ severity, pointer, message, expected, got }: Problem): string[] {
  const first = `  ${severity.padEnd(7)}  ${pointer || '/'}: ${message}`;
  const more = [
    expected !== undefined && !message.includes(expected) && `expected ${expected}`,
    got !== undefined && !message.includes(got) && `got ${got}`,
  ].filter((part) => part !== false);
  return more.length === 0
    ? [visible(first)]
    : [visible(first), visible(`           ${more.join(', ')}`)];
}

function summary(problems: readonly Problem[]): string {
  if (problems.length === 0) return '  no problems';
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = [count(errors, 'error'), count(problems.length - errors, 'warning')];
  return `  ${counts.filter((text) => text !== '').join(', ')}`;
}

function count(number: number, noun: string): string {
  if (number === 0) return '';
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
