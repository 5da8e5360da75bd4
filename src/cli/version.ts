// `--version`, whose lines callers parse.

import { basename } from 'node:path';
import { commit, version } from '../build-info.js';
import { SPEC_VERSION } from '../spec/version.js';
import { print } from './print.js';

/** Prints name, version, commit and specification, one to a line. */
export function printVersion(): number {
  const lines = [nameAndVersion(), `commit: ${commit}`, `spec: ${SPEC_VERSION}`];
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
  return borrowed ? `${name} version ${version}+sampan` : `sampan version ${version}`;
}
