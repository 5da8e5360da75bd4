// The memory of what stays: beside a container in the foreground, and after `create`.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../rig/until.js';
import { commandLine, created, type Station, timed, type Work } from './station.js';

/** Sums over processes, KiB; `processes` are their names. */
export interface Memory {
  readonly pssKiB: number;
  readonly rssKiB: number;
  readonly processes: readonly string[];
}

/** What a container that was created, and not started, keeps. */
export interface Waiting {
  /** Its own process, which waits for `start`. */
  readonly own: Memory;
  /** All others that are there for it. */
  readonly beside: Memory;
}

/** The program in the container; what else is in the process tree belongs to the runtime. */
const guest = 'sleep';
/** What is to go away after a start gets the time to do so, in milliseconds. */
const SETTLING_MS = 300;

/** Runs a container in the foreground and looks at what stays. */
export async function besideForeground(station: Station, { lasting }: Work): Promise<Memory> {
  const { rig, peer, under } = station;
  const argv =
    peer.kind === 'sandbox'
      ? [...peer.command(join(lasting, 'rootfs')), '/bin/sleep', '1000']
      : [...commandLine(peer, rig), 'run', '--bundle', lasting, rig.newId()];
  const running = rig.launch([...under, ...argv], { timeout: 20_000 });
  const isUp = () => tree(running.pid).some((pid) => nameOf(pid) === guest);
  if (!(await until(isUp, 10_000))) throw new Error('the container did not come up');
  await settle();
  const memory = together(tree(running.pid).filter((pid) => nameOf(pid) !== guest));
  for (const pid of tree(running.pid).reverse()) process.kill(pid, 'SIGKILL');
  await running.ended;
  return memory;
}

/** Creates a container and looks at what is there that was not. */
export async function afterCreate(station: Station, { lasting }: Work): Promise<Waiting> {
  const before = new Set(processes(station));
  const { id, pid } = await created(station, lasting);
  await settle();
  const others = processes(station).filter((other) => other !== pid && !before.has(other));
  const waiting = { own: together([pid]), beside: together(others) };
  await timed(station, ['delete', '--force', id]);
  return waiting;
}

function processes({ rig }: Station): number[] {
  return rig.leftovers().flatMap((left) => (left.kind === 'process' ? [left.pid] : []));
}

const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLING_MS));

function together(pids: readonly number[]): Memory {
  const [memory, processes] = [pids.map(memoryOf), pids.map(nameOf)];
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
