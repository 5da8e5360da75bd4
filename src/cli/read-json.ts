// A JSON file named on the command line.

import * as fs from 'node:fs';
import { fail } from '../failure.js';
import { attempt } from '../host/system-failure.js';
import { parseJson } from '../spec/parse-json.js';

/** The parsed contents of a file (or of descriptor `from`); `doing` names who asked, for the error. */
export function readJson(doing: string, path: string, from: string | number = path): unknown {
  const parsed = parseJson(readText(doing, path, from));
  if (parsed.ok) return parsed.value;
  const { line, column, cause } = parsed;
  return fail({ doing, path, cause: `not valid JSON: line ${line}, column ${column}: ${cause}` });
}

/** The contents of a file. */
export function readText(doing: string, path: string, from: string | number = path): string {
  return attempt({ doing, path }, () => fs.readFileSync(from, 'utf8'));
}
