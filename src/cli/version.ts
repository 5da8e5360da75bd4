// `--version`, whose lines callers parse.

import * as fs from 'node:fs';
import { basename } from 'node:path';
import { SPEC_VERSION } from '../spec/version.js';
import { print } from './print.js';

// Set by the build of the executable (`--define`); absent when run from source.
declare const SAMPAN_VERSION: string | undefined;
declare const SAMPAN_COMMIT: string | undefined;

/** The package's version. */
export function version(): string {
  return typeof SAMPAN_VERSION === 'undefined' ? fromPackage() : SAMPAN_VERSION;
}

/** The commit it was built from; `unknown` when run from source. */
export function commit(): string {
  return typeof SAMPAN_COMMIT === 'undefined' ? 'unknown' : SAMPAN_COMMIT;
}

/** Prints name, version, commit and specification, one to a line. */
export function printVersion(): number {
  const lines = [nameAndVersion(), `commit: ${commit()}`, `spec: ${SPEC_VERSION}`];
  print(`${lines.join('\n')}\n`);
  return 0;
}

/**
 * go-runc fills its struct only from a line that starts with `runc version `, so when installed
 * under that name (or crun's) the line starts with it, and the version says what it really is.
 */
function nameAndVersion(): string {
  const name = basename(process.argv0);
  const borrowed = name === 'runc' || name === 'crun';
  return borrowed ? `${name} version ${version()}+sampan` : `sampan version ${version()}`;
}

function fromPackage(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    const url = new URL(path, import.meta.url);
    if (fs.existsSync(url)) return JSON.parse(fs.readFileSync(url, 'utf8')).version;
  }
  return '0.0.0';
}
