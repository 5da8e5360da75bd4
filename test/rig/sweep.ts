// Removes what a test has left, so that it does not disturb the next one.

import { existsSync, rmSync } from 'node:fs';
import { execa, execaSync } from 'execa';
import type { Leftover } from './leftovers.js';
import { until } from './until.js';

/** Ends processes, unmounts, removes cgroups and files, in this order; goes on after a failure. */
export async function removeLeftovers(leftovers: readonly Leftover[]): Promise<void> {
  const of = (kind: Leftover['kind']) => leftovers.filter((leftover) => leftover.kind === kind);
  for (const leftover of leftovers) if (leftover.kind === 'process') end(leftover.pid);
  for (const { what } of of('mount')) await execa('umount', ['-l', what], { reject: false });
  for (const { what } of of('cgroup')) await until(() => isRemoved(what), 2_000);
  for (const { what } of of('file')) rmSync(what, { recursive: true, force: true });
}

/**
 * A cgroup is busy until the processes that were ended in it are gone. Those below it may have names
 * that are no text.
 */
function isRemoved(cgroup: string): boolean {
  execaSync('find', [cgroup, '-depth', '-type', 'd', '-delete'], { reject: false });
  return !existsSync(cgroup);
}

function end(pid: number): void {
  if (pid <= 1) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself, or never was ours to end.
  }
}
