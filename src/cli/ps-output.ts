// The table of `ps`: what ps(1) says about the host's processes, less those that are not ours.

import { spawnSync } from 'node:child_process';
import { fail } from '../failure.js';
import { visible } from '../visible.js';

/** Runs ps(1) with `options` and keeps its header and the lines of `pids`. */
export function table(pids: readonly number[], options: readonly string[]): string {
  return linesOf(pids, runPs(options.length === 0 ? ['-ef'] : options));
}

function runPs(options: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync('ps', options, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  const known = { doing: 'ps', path: ['ps', ...options].join(' ') };
  if (error)
    fail({
      ...known,
      cause: error.message,
      remedy: 'install procps, or use --format json, which needs no ps(1)',
    });
  if (status !== 0) fail({ ...known, cause: stderr.trim().split('\n')[0] || `status ${status}` });
  return stdout;
}

/**
 * The header of ps(1)'s output and the lines whose pid is in `pids`. A process names itself as it
 * likes, and not every ps(1) writes out what a terminal obeys.
 */
export function linesOf(pids: readonly number[], output: string): string {
  const [header = '', ...lines] = output.split('\n');
  const column = fields(header).indexOf('PID');
  if (column < 0)
    fail({ doing: 'ps', cause: 'ps(1) printed no PID column', remedy: 'ask for it with -o pid' });
  const wanted = new Set(pids);
  const ours = lines.filter((line) => wanted.has(Number(fields(line)[column])));
  return `${[header, ...ours.map(visible)].join('\n')}\n`;
}

function fields(line: string): string[] {
  return line.trim().split(/\s+/);
}
