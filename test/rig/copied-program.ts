// The tests' own programs where a rig's user, or a container, can run them.

import { chmodSync, copyFileSync } from 'node:fs';
import { program } from './program.js';

/** Copies the static program NAME to `path`, executable by all; returns `path`. */
export function copyProgram(name: string, path: string): string {
  copyFileSync(program(name), path);
  chmodSync(path, 0o755);
  return path;
}
