// A JSON file named on the command line.

import * as fs from 'node:fs';
import { fail } from '../failure.js';
import { attempt } from '../host/system-failure.js';

/** The parsed contents of a file; `doing` names who asked, for the error. */
export function readJson(doing: string, path: string): unknown {
  const text = readText(doing, path);
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail({ doing, path, cause: `not valid JSON: ${(error as Error).message}` });
  }
}

/** The contents of a file. */
export function readText(doing: string, path: string): string {
  return attempt({ doing, path }, () => fs.readFileSync(path, 'utf8'));
}
