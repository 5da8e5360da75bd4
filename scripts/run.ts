// Runs a program of the build.

import { spawnSync } from 'node:child_process';

/** What it prints goes to stderr. Throws when it fails. */
export function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new Error(`failed (${status}): ${command} ${args.join(' ')}`);
}
