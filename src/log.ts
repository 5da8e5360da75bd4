// What happened, for callers: text as logrus writes it, or the JSON lines that go-runc and conmon read.

import * as fs from 'node:fs';
import { onTerminal, writeAll } from './output.js';

const LEVELS = ['error', 'warning', 'info', 'debug'] as const;

/** How much a record matters; the names are those that callers look for in `level`. */
export type Level = (typeof LEVELS)[number];

/** `--log`, `--log-format`, `--log-level` and `--debug`. */
export interface LogOptions {
  /** Appended to; without one the records go to stderr. */
  readonly file?: string;
  readonly format: 'text' | 'json';
  readonly debug: boolean;
  /** Records below are dropped; `debug` wins over it. Default `info`. */
  readonly level?: Level;
}

let options: LogOptions = { format: 'text', debug: false };
let descriptor = 2;

/** Sets where records go from now on. Throws the system error of open(2) when the file cannot be opened. */
export function configureLog(next: LogOptions): void {
  if (next.file !== undefined) descriptor = fs.openSync(next.file, 'a', 0o644);
  options = next;
}

/** Drops warnings of what `act` does, unless all is to be logged. */
export async function withoutWarnings<T>(act: () => Promise<T>): Promise<T> {
  const before = options;
  if (!before.debug) options = { ...before, level: 'error' };
  try {
    return await act();
  } finally {
    options = before;
  }
}

/** Writes one record. */
export function log(level: Level, msg: string): void {
  const least = options.debug ? 'debug' : (options.level ?? 'info');
  if (LEVELS.indexOf(level) > LEVELS.indexOf(least)) return;
  write(descriptor, `${line(level, msg)}\n`);
}

/** As `log` at level error, and also as plain text on stderr when the records go to a file. */
export function logError(msg: string): void {
  log('error', msg);
  if (options.file !== undefined) write(2, `${msg}\n`);
}

/** Whether `--debug` was given. */
export function debugging(): boolean {
  return options.debug;
}

/** Whether records go to a file of the caller's rather than before somebody's eyes. */
export function logsToFile(): boolean {
  return options.file !== undefined;
}

/** A log that is full or closed is no reason to fail. */
function write(fd: number, text: string): void {
  try {
    writeAll(fd, text);
  } catch {
    // There is nowhere left to say it.
  }
}

function line(level: Level, msg: string): string {
  // RFC 3339 without fractions, as logrus writes it; go-runc parses the field.
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  if (options.format === 'json') return JSON.stringify({ level, msg, time });
  if (options.file === undefined && onTerminal(2)) return `${level}: ${msg}`;
  return `time="${time}" level=${level} msg=${quoted(msg)}`;
}

/** logfmt leaves a word of harmless characters bare. */
function quoted(msg: string): string {
  return /^[\w\-./@^+]+$/.test(msg) ? msg : JSON.stringify(msg);
}
