// The three forms of `list`, as runc prints them.

import type { ContainerState } from '../container/state.js';
import { visible, visibleJson } from '../visible.js';

const HEADERS = ['ID', 'PID', 'STATUS', 'BUNDLE', 'CREATED', 'OWNER'];
// The widths of runc's tabwriter: a cell has at least 12 columns, 3 of them blank.
const MIN_WIDTH = 12;
const PADDING = 3;

/** One id to a line. */
export function idLines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join('');
}

/** A JSON array in one line. */
export function jsonLine(containers: readonly ContainerState[]): string {
  return `${visibleJson(JSON.stringify(containers))}\n`;
}

/** Columns under their headers. */
export function table(containers: readonly ContainerState[]): string {
  const rows = [HEADERS, ...containers.map(cells)];
  const widths = HEADERS.map((_, column) =>
    Math.max(MIN_WIDTH, ...rows.map((row) => (row[column] ?? '').length + PADDING)),
  );
  return rows.map((row) => `${aligned(row, widths)}\n`).join('');
}

function cells(state: ContainerState): string[] {
  const { id, pid, status, bundle, created, owner } = state;
  return [id, String(pid), status, visible(bundle), created, visible(owner)];
}

function aligned(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
    .join('');
}
