// One identity's measurements.

import type { Identity } from '../rig/identity.js';
import type { BundleName } from './bundles.js';
import { type Growth, growth } from './growth.js';
import { type Instructions, instructions } from './instructions.js';
import { afterCreate, besideForeground, type Memory, type Waiting } from './memory.js';
import type { Options, Part } from './options.js';
import type { OciPeer, Peer } from './peers.js';
import { type Attempts, alternate, attempt } from './rounds.js';
import { courses } from './rows.js';
import { type Station, station, type Work } from './station.js';
import { type Phase, phasesOfRun } from './timings.js';

/** A runtime that was measured. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  readonly family: OciPeer['family'] | undefined;
  /** Options that it needed on this machine. */
  readonly options: readonly string[];
  readonly broken: Readonly<Partial<Record<BundleName, string>>>;
}

/** Of one bundle. */
export interface Times {
  readonly row: string;
  readonly bundle: BundleName;
  readonly results: Attempts;
}

/** By the name of the runtime; a text says why there is none. */
export type PerPeer<T> = Readonly<Record<string, T | string>>;

/** All that was measured for one identity. */
export interface Session {
  readonly identity: string;
  readonly cgroups: string;
  readonly peers: readonly Measured[];
  readonly times: readonly Times[];
  readonly foreground: PerPeer<Memory>;
  readonly created: PerPeer<Waiting>;
  readonly instructions: PerPeer<Instructions>;
  readonly growth?: Growth | string;
  readonly phases?: readonly Phase[] | string;
}

export interface Plan extends Options {
  readonly peersThere: readonly Peer[];
  readonly cgroups: string;
  readonly tell: (what: string) => void;
}

/** Measures everything as `identity`. */
export async function measureAs(identity: Identity, plan: Plan): Promise<Session> {
  const stations: Station[] = [];
  try {
    for (const peer of plan.peersThere) {
      plan.tell(`${identity.name}: ${peer.name}`);
      stations.push(await station(peer, identity, plan.bundles));
    }
    return await measureAll(identity, stations, plan);
  } finally {
    for (const { rig } of stations) await rig.dispose();
  }
}

async function measureAll(
  identity: Identity,
  stations: readonly Station[],
  plan: Plan,
): Promise<Session> {
  const told = async <T extends object>(part: Part, what: () => Promise<T>) => {
    if (plan.only.length > 0 && !plan.only.includes(part)) return {};
    plan.tell(`${identity.name}: ${part}`);
    return what();
  };
  const each = <T>(what: (station: Station, work: Work) => Promise<T>) => perPeer(stations, what);
  const own = stations.find(({ peer }) => peer.name === 'sampan');
  const brief = own?.work.default?.brief;
  return {
    identity: identity.name,
    cgroups: plan.cgroups,
    peers: stations.map(measured),
    times: await allTimes(identity, stations, plan),
    foreground: await told('memory', () => each(besideForeground)),
    created: await told('memory', () => each(afterCreate)),
    instructions: await told('instructions', () => each(instructions)),
    ...(identity.uid === 0 &&
      (await told('growth', async () => ({
        growth: await attempt(() => growth(stations, plan.rounds)),
      })))),
    ...(own &&
      brief &&
      (await told('phases', async () => ({
        phases: await attempt(() => phasesOfRun(own, brief, plan.rounds)),
      })))),
  };
}

async function allTimes(
  identity: Identity,
  stations: readonly Station[],
  plan: Plan,
): Promise<Times[]> {
  const times: Times[] = [];
  for (const course of courses) {
    const rows = course.rows.filter((row) => plan.only.length === 0 || plan.only.includes(row));
    if (rows.length === 0) continue;
    for (const bundle of course.bundles.filter((name) => plan.bundles.includes(name))) {
      plan.tell(`${identity.name}: ${rows.join(', ')} (${bundle})`);
      const rounds = Math.ceil(plan.rounds / course.every);
      const results = await alternate(stations, course.rows, rounds, (one) =>
        course.measure(one, workOf(one, bundle)),
      );
      times.push(...rows.map((row) => ({ row, bundle, results: results[row] ?? {} })));
    }
  }
  return times;
}

function workOf({ peer, work, broken }: Station, bundle: BundleName): Work {
  const found = work[bundle];
  if (found === undefined) throw new Error(broken[bundle] ?? `${peer.name} only runs commands`);
  return found;
}

async function perPeer<T>(
  stations: readonly Station[],
  what: (station: Station, work: Work) => Promise<T>,
): Promise<PerPeer<T>> {
  const result: Record<string, T | string> = {};
  for (const one of stations) {
    result[one.peer.name] = await attempt(() => what(one, workOf(one, 'default')));
  }
  return result;
}

function measured({ peer, title, broken }: Station): Measured {
  const family = peer.kind === 'oci' ? peer.family : undefined;
  const options = peer.kind === 'oci' ? peer.options : [];
  return { name: peer.name, title, family, options, broken };
}
