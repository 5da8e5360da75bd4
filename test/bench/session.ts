// One identity's measurements: all runtimes in turn, round by round.

import { existsSync } from 'node:fs';
import { amRoot, type Identity } from '../rig/identity.js';
import { Rig } from '../rig/rig.js';
import type { Sample } from './measure.js';
import { type OciPeer, type Peer, peers, settle } from './peers.js';
import { type Memory, residentMemory } from './resident.js';
import { rows, type Station, startResident } from './rows.js';
import { type Phase, phasesOfRun } from './timings.js';

/** What one runtime did in one row: its samples by round, or why it could not do it. */
export type Result = readonly Sample[] | string;

/** All that was measured for one identity. */
export interface Session {
  readonly identity: string;
  readonly cgroups: CgroupView;
  /** Options that a runtime needed on this machine. */
  readonly options: Record<string, readonly string[]>;
  /** By row, then by runtime. */
  readonly times: Record<string, Record<string, Result>>;
  readonly resident: Record<string, Memory | string>;
  readonly phases: readonly Phase[] | string;
}

/** Whose cgroups the runtimes see. */
export type CgroupView = "the machine's" | 'pure cgroup2';

/**
 * Some runtimes refuse a machine with both versions of cgroups, so there all of them are measured
 * with version 2 only as well, if the tests may make such a view.
 */
export const cgroupViews: readonly CgroupView[] =
  amRoot && !existsSync('/sys/fs/cgroup/cgroup.controllers')
    ? ["the machine's", 'pure cgroup2']
    : ["the machine's"];

/** Measures everything as `identity`. */
export async function measureAs(
  identity: Identity,
  cgroups: CgroupView,
  rounds: number,
): Promise<Session> {
  const rig = new Rig(identity, { cgroup2: cgroups === 'pure cgroup2' });
  try {
    const stations = await setUp(rig, identity);
    const times: Session['times'] = {};
    for (const name of Object.keys(rows)) times[name] = await alternate(name, stations, rounds);
    return {
      identity: identity.name,
      cgroups,
      options: Object.fromEntries(stations.map(({ peer }) => [peer.name, optionsOf(peer)])),
      times,
      resident: await residents(stations),
      phases: await phases(stations, rounds),
    };
  } finally {
    await rig.dispose();
  }
}

/** A runtime's place of work, with a bundle of `sleep` beside that of `true`. */
interface Bench extends Station {
  readonly sleeping: string;
  /** Why the runtime cannot run anything. */
  readonly broken?: string;
}

async function setUp(rig: Rig, identity: Identity): Promise<Bench[]> {
  const benches: Bench[] = [];
  for (const peer of peers(identity)) {
    const bundle = (await bundleFor(rig, peer)).runs(['/bin/true']).path;
    const sleeping = (await bundleFor(rig, peer)).runs(['/bin/sleep', '1000']).path;
    const settled = await settle(peer, rig, bundle);
    if (typeof settled === 'string') {
      benches.push({ rig, peer, bundle, sleeping, broken: settled });
    } else {
      const resident = settled.kind === 'oci' && (await startResident(rig, settled, sleeping));
      benches.push({ rig, peer: settled, bundle, sleeping, ...(resident && { resident }) });
    }
  }
  return benches;
}

/** Each runtime gets the default config.json that it makes itself. */
async function bundleFor(rig: Rig, peer: Peer) {
  return rig.bundle(undefined, peer.kind === 'oci' ? [peer.path] : undefined);
}

/** A B C D, A B C D, …, after two rounds that warm the caches and do not count. */
async function alternate(
  name: string,
  benches: readonly Bench[],
  rounds: number,
): Promise<Record<string, Result>> {
  const results: Record<string, Sample[] | string> = {};
  for (const { peer, broken } of benches) results[peer.name] = broken ?? [];
  for (let round = -2; round < rounds; round += 1) {
    for (const bench of benches) {
      const result = results[bench.peer.name];
      if (typeof result === 'string') continue;
      const sample = await attempt(() => rows[name]?.(bench));
      if (typeof sample === 'string') results[bench.peer.name] = sample;
      else if (round >= 0 && sample !== undefined) result?.push(sample);
    }
  }
  return results;
}

async function residents(benches: readonly Bench[]): Promise<Session['resident']> {
  const result: Session['resident'] = {};
  for (const { rig, peer, sleeping, broken } of benches) {
    const memory = broken ?? (await attempt(() => residentMemory(rig, peer, sleeping)));
    if (memory !== undefined) result[peer.name] = memory;
  }
  return result;
}

async function phases(benches: readonly Bench[], rounds: number): Promise<Session['phases']> {
  const own = benches.find(({ peer }) => peer.name === 'sampan');
  if (own === undefined || own.broken !== undefined) return own?.broken ?? 'there is no sampan';
  return attempt(() => phasesOfRun(own.rig, own.peer as OciPeer, own.bundle, rounds));
}

function optionsOf(peer: Peer): readonly string[] {
  return peer.kind === 'oci' ? peer.options : [];
}

/** The message of a failure takes the place of the result. */
async function attempt<T>(what: () => T | Promise<T>): Promise<T | string> {
  try {
    return await what();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
