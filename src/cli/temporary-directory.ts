// A directory of one's own from which programs can be executed.

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fail } from '../failure.js';
import { isSafe } from '../host/safe-path.js';

/**
 * Makes a directory (mode 0700) that holds the executable `program` as `path`, where the file
 * system is writable and not mounted noexec. The caller removes it.
 */
export function temporaryDirectory(prefix: string, path: string, program: Uint8Array): string {
  for (const base of candidates()) {
    const directory = attemptIn(base, prefix, path, program);
    if (directory !== undefined) return directory;
  }
  return fail({
    doing: 'make a temporary bundle',
    path: candidates().join(', '),
    cause: 'none of these directories is writable and lets programs be executed',
    remedy: 'set TMPDIR to one that is',
  });
}

function candidates(): string[] {
  const own = process.env.XDG_RUNTIME_DIR;
  return [...new Set([...(own ? [own] : []), tmpdir(), '/var/tmp', '/dev/shm'])].filter(isSafe);
}

function attemptIn(base: string, prefix: string, path: string, program: Uint8Array) {
  let directory: string | undefined;
  try {
    directory = fs.mkdtempSync(`${base}/${prefix}`);
    const file = `${directory}/${path}`;
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(file, program, { mode: 0o755 });
    if (executes(file)) return directory;
  } catch {
    // Not this one; what was made is removed below.
  }
  if (directory) fs.rmSync(directory, { recursive: true, force: true });
  return undefined;
}

/** The helper ends at once when it is given no role. */
function executes(file: string): boolean {
  return spawnSync(file, [], { stdio: 'ignore' }).error === undefined;
}
