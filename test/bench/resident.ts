// The memory of what stays beside a container in the foreground.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { commandLine, type Peer } from './peers.js';

/** Sums over the processes that stay, KiB; `processes` are their names. */
export interface Memory {
  readonly pssKiB: number;
  readonly rssKiB: number;
  readonly processes: readonly string[];
}

/** The program in the container; what else is in the process tree belongs to the runtime. */
const guest = 'sleep';

/** Runs `bundle` (whose program is `sleep`) in the foreground and looks at what stays. */
export async function residentMemory(rig: Rig, peer: Peer, bundle: string): Promise<Memory> {
  const argv =
    peer.kind === 'sandbox'
      ? [...peer.command(join(bundle, 'rootfs')), '/bin/sleep', '1000']
      : [...commandLine(peer, rig), 'run', '--bundle', bundle, rig.newId()];
  const running = rig.launch(argv, { timeout: 20_000 });
  const isUp = () => tree(running.pid).some((pid) => nameOf(pid) === guest);
  if (!(await until(isUp, 10_000))) throw new Error('the container did not come up');
  // What is to go away after the start gets the time to do so.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const staying = tree(running.pid).filter((pid) => nameOf(pid) !== guest);
  const [memory, processes] = [staying.map(memoryOf), staying.map(nameOf)];
  for (const pid of tree(running.pid).reverse()) process.kill(pid, 'SIGKILL');
  await running.ended;
  return {
    pssKiB: memory.reduce((total, { pss }) => total + pss, 0),
    rssKiB: memory.reduce((total, { rss }) => total + rss, 0),
    processes,
  };
}

/** The process and its descendants. */
function tree(pid: number): number[] {
  const children = attempt(() =>
    readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean),
    ),
  );
  return [pid, ...(children ?? []).map(Number).flatMap(tree)];
}

function nameOf(pid: number): string {
  return attempt(() => readFileSync(`/proc/${pid}/comm`, 'latin1').trim()) ?? '';
}

function memoryOf(pid: number): { pss: number; rss: number } {
  const text = attempt(() => readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? '';
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
  return { pss: field('Pss'), rss: field('Rss') };
}

/** Undefined for a process that has just gone. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
