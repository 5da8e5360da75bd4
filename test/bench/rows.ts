// What is measured: one function for each row of the table, for one runtime and one round.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { measure, type Sample } from './measure.js';
import { commandLine, type OciPeer, type Peer } from './peers.js';

/** A runtime at work in a rig. */
export interface Station {
  readonly rig: Rig;
  readonly peer: Peer;
  /** Bundle that runs /bin/true. */
  readonly bundle: string;
  /** A running container, for `exec` and `state`. */
  readonly resident?: string;
}

/** Measures one round. */
export type Row = (station: Station) => Promise<Sample>;

/** By the name that the table shows. */
export const rows: Record<string, Row> = {
  run: ({ rig, peer, bundle }) => {
    if (peer.kind === 'sandbox') {
      return measure(rig, [...peer.command(join(bundle, 'rootfs')), '/bin/true']);
    }
    return measure(rig, [...commandLine(peer, rig), 'run', '--bundle', bundle, rig.newId()]);
  },
  'create start delete': async (station) => {
    const { rig, bundle } = station;
    const [line, id, pidFile] = [oci(station), rig.newId(), join(rig.runtimeDirectory, 'pid')];
    rmSync(pidFile, { force: true });
    const flags = ['--bundle', bundle, '--pid-file', pidFile];
    const created = await measure(rig, [...line, 'create', ...flags, id]);
    const started = await measure(rig, [...line, 'start', id]);
    await hasEnded(readFileSync(pidFile, 'utf8').trim());
    const deleted = await measure(rig, [...line, 'delete', id]);
    return sum([created, started, deleted]);
  },
  exec: (station) =>
    measure(station.rig, [...oci(station), 'exec', resident(station), '/bin/true']),
  state: (station) => measure(station.rig, [...oci(station), 'state', resident(station)]),
};

/** Starts a container that stays; its id. */
export async function startResident(rig: Rig, peer: OciPeer, bundle: string): Promise<string> {
  const id = rig.newId();
  const line = commandLine(peer, rig);
  await measure(rig, [...line, 'create', '--bundle', bundle, id]);
  await measure(rig, [...line, 'start', id]);
  return id;
}

function oci({ rig, peer }: Station): string[] {
  if (peer.kind === 'sandbox') throw new Error('not a container runtime: it only runs commands');
  return commandLine(peer, rig);
}

function resident({ resident }: Station): string {
  if (resident === undefined) throw new Error('its container could not be started');
  return resident;
}

/** A zombie counts as ended; who made it may be slow to wait for it. */
async function hasEnded(pid: string): Promise<void> {
  const gone = () => !existsSync(`/proc/${pid}`) || stateOf(pid) === 'Z';
  if (!(await until(gone, 10_000))) throw new Error('the container does not end');
}

function stateOf(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).at(0);
  } catch {
    return 'Z';
  }
}

function sum(samples: readonly Sample[]): Sample {
  return {
    at: samples[0]?.at ?? 0,
    us: samples.reduce((total, { us }) => total + us, 0),
    peakKiB: Math.max(...samples.map(({ peakKiB }) => peakKiB)),
  };
}
