// Tables for a terminal that is narrower than some of their lines.

import { terminalWidth } from '../host/terminal-width.js';
import { print } from './print.js';

/** Prints a table; where a person reads it, no wider than the terminal. */
export function printTable(text: string): void {
  const width = terminalWidth(1);
  print(width === undefined ? text : fitted(text, width));
}

/** A longer line goes on below its last column that begins in the left half. */
export function fitted(text: string, width: number): string {
  return text.replace(/^.+$/gm, (line) => (line.length > width ? broken(line, width) : line));
}

function broken(line: string, width: number): string {
  const indent = (/^.* {2}(?=\S)/.exec(line.slice(0, width / 2)) ?? [''])[0].length;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const before = rest.lastIndexOf(' ', width);
    const at = before > indent ? before : rest.indexOf(' ', width);
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = `${' '.repeat(indent)}${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest].join('\n');
}
