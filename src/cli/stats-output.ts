// The table of `stats`, with the columns of `docker stats`.

import type { Sample } from '../container/sample.js';

const HEADERS = ['ID', 'CPU %', 'MEM USAGE / LIMIT', 'MEM %', 'BLOCK I/O', 'PIDS', 'PRESSURE'];
const PADDING = 3;

/** A line for each container of `now`; the time it had is since `before`. */
export function statsTable(before: readonly Sample[], now: readonly Sample[]): string {
  const rows = [HEADERS, ...now.map((sample) => cells(sample, earlier(before, sample)))];
  const widths = HEADERS.map(
    (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)) + PADDING,
  );
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0));
  return rows.map((row) => `${line(row).join('').trimEnd()}\n`).join('');
}

function earlier(before: readonly Sample[], { id }: Sample): Sample | undefined {
  return before.find((sample) => sample.id === id);
}

function cells({ id, at, stats }: Sample, before: Sample | undefined): string[] {
  const { cpu, memory, pids, blkio } = stats;
  const limit = typeof memory.usage.limit === 'number' ? memory.usage.limit : undefined;
  return [
    id,
    before === undefined
      ? '-'
      : percent(cpu.usage.total - before.stats.cpu.usage.total, (at - before.at) * 1e6),
    memoryUse(memory.usage.usage, limit),
    limit === undefined ? '-' : percent(memory.usage.usage, limit),
    `${size(sum(blkio, 'Read'))} / ${size(sum(blkio, 'Write'))}`,
    pids.current === 0 ? '-' : `${pids.current}${pids.limit === 0 ? '' : ` / ${pids.limit}`}`,
    pressure(stats),
  ];
}

/** What runs has memory and processes: where there are none they are not counted, for want of a controller. */
function memoryUse(usage: number, limit: number | undefined): string {
  return usage === 0 ? '-' : `${size(usage)} / ${limit === undefined ? 'none' : size(limit)}`;
}

/** Percent of time in the last ten seconds in which some process waited. */
function pressure({ cpu, memory, blkio }: Sample['stats']): string {
  const parts = { cpu: cpu.psi, mem: memory.psi, io: blkio.psi };
  const known = Object.entries(parts).filter(([, psi]) => psi !== undefined);
  return known.map(([name, psi]) => `${name} ${psi?.some['avg10'] ?? 0}`).join(', ') || '-';
}

function sum({ ioServiceBytesRecursive = [] }: Sample['stats']['blkio'], op: string): number {
  const values = ioServiceBytesRecursive.filter((entry) => entry.op === op);
  return values.reduce((total, { value }) => total + value, 0);
}

function percent(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)}%` : '-';
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes for people: `1.5MiB`. */
function size(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)}${UNITS[power]}`;
}
