// All of the load, for one identity.

import { readFileSync } from 'node:fs';
import { seesPureCgroup2 } from '../rig/cgroup2.js';
import type { Identity } from '../rig/identity.js';
import { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { allAtOnce, livesAtOnce, oneAfterTheOther } from './crowds.js';
import type { Finding } from './finding.js';
import { growth } from './growth.js';
import { kills } from './kills.js';
import { race } from './races.js';
import { Random } from './random.js';
import { recycledPids, whyNoRecycling } from './recycled.js';

/** How much of everything. */
export interface Scale {
  readonly sequence: number;
  readonly crowd: number;
  readonly kills: number;
  readonly races: number;
  readonly width: number;
  readonly recycled: number;
  /** Numbers of containers, ascending. */
  readonly sizes: readonly number[];
  readonly rounds: number;
}

/** That of docs/load.md. */
export const full: Scale = {
  sequence: 1000,
  crowd: 100,
  kills: 500,
  races: 20,
  width: 20,
  recycled: 20,
  sizes: [1, 100, 1000],
  rounds: 20,
};

/** What was found as one identity. */
export interface Session {
  readonly who: string;
  readonly findings: readonly Finding[];
  /** How far the killed commands had come, and what each had left. */
  readonly traces: readonly string[];
  /** What could not be done here. */
  readonly skipped: readonly string[];
}

/** Runs all parts, or those named, in rigs of their own. */
export async function session(
  identity: Identity,
  scale: Scale,
  { seed, parts, tell }: { seed: number; parts: readonly string[]; tell: (what: string) => void },
): Promise<Session> {
  const cgroups = identity.uid === 0 && seesPureCgroup2();
  const random = new Random(seed);
  const traces: string[] = [];
  const skipped: string[] = [];
  const all: Record<string, (rig: Rig) => Promise<Finding[]>> = {
    sequence: (rig) => oneAfterTheOther(rig, scale.sequence),
    crowd: (rig) => allAtOnce(rig, scale.crowd),
    lives: (rig) => livesAtOnce(rig, scale.crowd, cgroups),
    kills: async (rig) => {
      const { finding, traces: found } = await kills(rig, scale.kills, random);
      traces.push(...found);
      return [finding];
    },
    races: (rig) => race(rig, scale.races, scale.width, random),
    recycled: async (rig) => {
      const reason = whyNoRecycling(identity);
      if (reason !== undefined) skipped.push(reason);
      return reason === undefined ? [await recycledPids(rig, scale.recycled)] : [];
    },
    growth: (rig) => growth(rig, scale.sizes, scale.rounds),
  };
  const findings: Finding[] = [];
  for (const [name, part] of Object.entries(all)) {
    if (parts.length > 0 && !parts.includes(name)) continue;
    tell(`${identity.name}: ${name}`);
    await until(() => keysOf(identity) <= FEW_KEYS, COLLECTION_MS);
    findings.push(...(await inRig(identity, part).catch((error) => [couldNotGoOn(name, error)])));
  }
  return {
    who: cgroups ? `${identity.name}, each container in a cgroup` : identity.name,
    findings,
    traces,
    skipped,
  };
}

/** A user may have 200 keys, each container has one, and the kernel collects them later (keyrings(7)). */
const FEW_KEYS = 20;
const COLLECTION_MS = 60_000;

/** `uid: usage nkeys/nikeys qnkeys/maxkeys …` (proc(5), /proc/key-users). */
function keysOf({ uid }: Identity): number {
  const line = new RegExp(`^\\s*${uid}:\\s+\\d+ \\d+/\\d+ (\\d+)/`, 'm');
  return Number(line.exec(readFileSync('/proc/key-users', 'utf8'))?.[1] ?? 0);
}

function couldNotGoOn(what: string, error: unknown): Finding {
  return { what, times: [], count: 0, broken: [String(error)], left: [] };
}

async function inRig<T>(identity: Identity, part: (rig: Rig) => Promise<T>): Promise<T> {
  const rig = new Rig(identity);
  try {
    return await part(rig);
  } finally {
    await rig.dispose();
  }
}
