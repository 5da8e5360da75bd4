// The forms of a cgroup's files (cgroup-v2.rst, "Format"). A file that is not there is empty.

import * as fs from 'node:fs';
import { codeOf } from '../host/system-failure.js';

/** A file of one number; undefined for `max` and where there is no such file. */
export function numberIn(path: string, file: string): number | undefined {
  const text = read(path, file).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Flat keyed: `KEY VALUE` lines. */
export function keyed(path: string, file: string): Record<string, number> {
  const pairs = lines(path, file).map((line) => line.split(' '));
  return Object.fromEntries(pairs.map(([key = '', value]) => [key, Number(value)]));
}

/** Nested keyed: `KEY NAME=VALUE NAME=VALUE` lines. */
export function keyedBy(path: string, file: string): Map<string, Record<string, number>> {
  const found = new Map<string, Record<string, number>>();
  for (const line of lines(path, file)) {
    const [key = '', ...words] = line.split(' ');
    const pairs = words.map((word) => word.split('='));
    found.set(key, Object.fromEntries(pairs.map(([name = '', value]) => [name, Number(value)])));
  }
  return found;
}

function lines(path: string, file: string): string[] {
  return read(path, file).split('\n').filter(Boolean);
}

/**
 * EOPNOTSUPP: pressure is not measured (`psi=0`). EISDIR: where a controller is missing, a container
 * can give the name of its file to a cgroup.
 */
const NO_FILE = ['ENOENT', 'ENODEV', 'EOPNOTSUPP', 'EISDIR'];

function read(path: string, file: string): string {
  try {
    return fs.readFileSync(`${path}/${file}`, 'latin1');
  } catch (error) {
    if (NO_FILE.includes(codeOf(error) ?? '')) return '';
    throw error;
  }
}
