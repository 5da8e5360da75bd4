// The trace as bars for a terminal.

import { visible } from '../visible.js';
import { ACTORS, type Span } from './span.js';

/** What the terminal has. */
export interface Style {
  /** Its width in characters. */
  readonly columns: number;
  /** Whether the longest is to stand out, and what failed. */
  readonly color: boolean;
  /** What bars are made of. */
  readonly bar: string;
}

/** Characters of a time with its unit; addon/attend/trace.cc writes as many. */
const TIME = 12;
/** Of the rest, the part that names take at most. */
const NAMES = 0.5;

/** A line for each span, by process and in the order of time; the longest stands out. */
export function viewOf(spans: readonly Span[], style: Style): string {
  const shown = ACTORS.flatMap((actor) => spans.filter((span) => span.actor === actor));
  if (shown.length === 0) return '';
  const begin = Math.min(...shown.map((span) => span.begin));
  const total = Math.max(...shown.map((span) => span.end)) - begin;
  const longest = longestOf(shown);
  const names = shown.map(nameOf);
  const most = Math.max(Math.floor((style.columns - TIME) * NAMES), 0);
  const width = Math.min(Math.max(...names.map((name) => name.length)), most);
  const lines = shown.map((span, i) => {
    const name = cut(names[i] ?? '', width).padEnd(width);
    const room = Math.max(style.columns - width - TIME - 2, 0);
    const bar = barOf(span, { begin, total, room }, style.bar).padEnd(room);
    return colored(`${name} ${bar} ${time(span)}`, span, span === longest, style);
  });
  return `${lines.join('\n')}\n`;
}

/** A line without its time, which is not known yet. */
export function rowOf(name: string, { columns }: Style): string {
  const width = Math.max(columns - TIME, 0);
  return cut(`  ${name}`, width).padEnd(width);
}

/** Of what was done: not a whole process, nor a wait for another. */
function longestOf(spans: readonly Span[]): Span | undefined {
  const [first, ...rest] = spans.filter(({ kind }) => kind === 'phase' || kind === 'step');
  return rest.reduce((most, span) => (length(span) > length(most ?? span) ? span : most), first);
}

/** Names are of config.json in part, and this ends on a terminal. */
function nameOf({ actor, kind, name, args }: Span): string {
  if (kind === 'command') return actor === name ? actor : `${actor} ${name}`;
  const mark = 'error' in args ? '! ' : '  ';
  return visible(`${mark}${kind === 'step' ? (args['doing'] ?? name) : name}`);
}

function barOf(
  span: Span,
  { begin, total, room }: { begin: number; total: number; room: number },
  bar: string,
): string {
  if (room === 0 || !(total > 0)) return '';
  const cell = (time: number) => Math.floor(((time - begin) / total) * room);
  const from = Math.min(cell(span.begin), room - 1);
  return ' '.repeat(from) + bar.repeat(Math.max(cell(span.end) - from, 1));
}

function time(span: Span): string {
  return `${(length(span) / 1000).toFixed(3).padStart(TIME - 3)} ms`;
}

function length({ begin, end }: Span): number {
  return end - begin;
}

function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  return width === 0 ? '' : `${text.slice(0, width - 1)}…`;
}

function colored(line: string, { args }: Span, isLongest: boolean, { color }: Style): string {
  if (!color) return line;
  if ('error' in args) return `\x1b[1;31m${line}\x1b[0m`;
  return isLongest ? `\x1b[1m${line}\x1b[0m` : line;
}
