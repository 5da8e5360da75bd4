// The table of `stats`, from files as a cgroup has them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readStats } from '../../src/cgroup/stats.js';
import { statsTable } from '../../src/cli/stats-output.js';

const CPU = { 'cpu.stat': 'usage_usec 500000\nuser_usec 1\nsystem_usec 1\n' };

test('use, limit and share of each are shown', () => {
  const files = {
    ...CPU,
    'memory.current': '16777216\n',
    'memory.max': '67108864\n',
    'pids.current': '3\n',
    'pids.max': '9\n',
    'io.stat': '259:0 rbytes=1536 wbytes=2097152 rios=1 wios=1 dbytes=0 dios=0\n',
    'io.pressure':
      'some avg10=1.50 avg60=0 avg300=0 total=5\nfull avg10=0 avg60=0 avg300=0 total=0\n',
  };
  expect(columns({ ...files, 'cpu.stat': 'usage_usec 0\n' }, files)).toEqual([
    ['ID', 'CPU %', 'MEM USAGE / LIMIT', 'MEM %', 'BLOCK I/O', 'PIDS', 'PRESSURE'],
    ['web', '50.0%', '16.0MiB / 64.0MiB', '25.0%', '1.5KiB / 2.0MiB', '3 / 9', 'io 1.5'],
  ]);
});

test('what is not counted for want of a controller is not shown as nothing', () => {
  const [, row] = columns(CPU, CPU);
  expect(row).toEqual(['web', '0.0%', '-', '-', '0B / 0B', '-', '-']);
});

test('without limits there is none to show', () => {
  const files = { ...CPU, 'memory.current': '1024\n', 'memory.max': 'max\n' };
  const [, row] = columns(files, { ...files, 'pids.current': '1\n', 'pids.max': 'max\n' });
  expect(row).toEqual(['web', '0.0%', '1.0KiB / none', '-', '0B / 0B', '1', '-']);
});

/** The table's cells, of one container looked at twice within a second. */
function columns(before: Record<string, string>, now: Record<string, string>): string[][] {
  const table = statsTable([sample(before, 0)], [sample(now, 1000)]);
  return table
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
}

function sample(files: Record<string, string>, at: number) {
  const folder = mkdtempSync(join(tmpdir(), 'sampan-stats-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return { id: 'web', at, stats: readStats(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
