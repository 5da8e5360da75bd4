// What is measured: what a runtime does in one round, and the rows of the table that it fills.

import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BundleName, bundleNames } from './bundles.js';
import { measure, type Sample } from './measure.js';
import { commandLine, created, hasEnded, type Station, timed, type Work } from './station.js';

/** One of the things that are measured. */
export interface Course {
  /** By the names that the table shows. */
  readonly rows: readonly string[];
  readonly bundles: readonly BundleName[];
  /** Measured in one of so many rounds. */
  readonly every: number;
  /** The samples of one round, in the order of the rows. */
  readonly measure: (station: Station, work: Work) => Promise<readonly Sample[]>;
}

/** Commands at once. */
export const AT_ONCE = 16;

export const courses: readonly Course[] = [
  { rows: ['run'], bundles: bundleNames, every: 1, measure: run },
  { rows: ['create → start → delete'], bundles: bundleNames, every: 1, measure: life },
  { rows: ['exec'], bundles: bundleNames, every: 1, measure: exec },
  { rows: ['state'], bundles: ['default'], every: 1, measure: state },
  { rows: ['kill', 'delete'], bundles: ['default'], every: 1, measure: end },
  { rows: [`run, ${AT_ONCE} at once`], bundles: bundleNames, every: 4, measure: runsAtOnce },
  {
    rows: [`create → start → delete, ${AT_ONCE} at once`],
    bundles: ['default'],
    every: 4,
    measure: livesAtOnce,
  },
];

export const rowNames = courses.flatMap(({ rows }) => rows);

async function run(station: Station, { brief }: Work): Promise<Sample[]> {
  const { rig, peer, under } = station;
  if (peer.kind === 'sandbox') {
    const argv = [...peer.command(join(brief, 'rootfs')), '/bin/true'];
    return [await measure(rig, argv, { under })];
  }
  return [await timed(station, ['run', '--bundle', brief, rig.newId()])];
}

async function life(station: Station, { brief }: Work): Promise<Sample[]> {
  return [sum(await lifeOf(station, brief))];
}

/** Samples of create, start and delete of a container whose program ends at once. */
export async function lifeOf(station: Station, bundle: string): Promise<Sample[]> {
  const { id, sample, pid } = await created(station, bundle);
  const started = await timed(station, ['start', id]);
  await hasEnded(pid);
  return [sample, started, await timed(station, ['delete', id])];
}

async function exec(station: Station, work: Work): Promise<Sample[]> {
  return [await timed(station, ['exec', resident(station, work), '/bin/true'])];
}

async function state(station: Station, work: Work): Promise<Sample[]> {
  return [await timed(station, ['state', resident(station, work)])];
}

async function end(station: Station, { lasting }: Work): Promise<Sample[]> {
  const { id, pid } = await created(station, lasting);
  await timed(station, ['start', id]);
  const killed = await timed(station, ['kill', id, 'KILL']);
  await hasEnded(pid);
  return [killed, await timed(station, ['delete', id])];
}

async function runsAtOnce(station: Station, { brief }: Work): Promise<Sample[]> {
  return [await together(station, (id) => ['run', '--bundle', brief, id])];
}

async function livesAtOnce(station: Station, { brief }: Work): Promise<Sample[]> {
  const { rig } = station;
  const ids = Array.from({ length: AT_ONCE }, () => rig.newId());
  const pidFile = (id: string) => join(rig.runtimeDirectory, `pid-${id}`);
  const create = (id: string) => ['create', '--bundle', brief, '--pid-file', pidFile(id), id];
  const made = await together(station, create, ids);
  const pids = ids.map((id) => Number(readFileSync(pidFile(id), 'utf8')));
  const started = await together(station, (id) => ['start', id], ids);
  for (const pid of pids) await hasEnded(pid);
  return [sum([made, started, await together(station, (id) => ['delete', id], ids)])];
}

/** From the moment at which all are let go until the last has ended. */
async function together(
  station: Station,
  words: (id: string) => string[],
  ids = Array.from({ length: AT_ONCE }, () => station.rig.newId()),
): Promise<Sample> {
  const { rig } = station;
  const folder = join(rig.runtimeDirectory, 'errors');
  mkdirSync(folder, { recursive: true, mode: 0o777 });
  chownSync(folder, rig.identity.uid, rig.identity.gid);
  const own = commandLine(station.peer, rig);
  const lines = ids.flatMap((id, i) => [...(i > 0 ? [';'] : []), ...own, ...words(id)]);
  const argv = [...station.under, rig.program('together'), folder, ...lines];
  const { stdout } = await rig.execute(argv);
  const runs = stdout
    .trimEnd()
    .split('\n')
    .map((text) => text.split(' ').map(Number));
  const failed = runs.findIndex(([status]) => status !== 0);
  if (failed >= 0) throw new Error(readFileSync(join(folder, String(failed)), 'utf8').trim());
  const [begins, ends] = [1, 2].map((at) => runs.map((numbers) => numbers[at] ?? Number.NaN));
  return { at: 0, us: Math.max(...(ends ?? [])) - Math.min(...(begins ?? [])) };
}

function resident({ peer }: Station, { resident }: Work): string {
  if (resident === undefined) throw new Error(`${peer.name} only runs commands`);
  return resident;
}

function sum(samples: readonly Sample[]): Sample {
  const total = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);
  const busy = samples.flatMap(({ busyUs }) => busyUs ?? []);
  const peaks = samples.flatMap(({ peakKiB }) => peakKiB ?? []);
  return {
    at: samples[0]?.at ?? 0,
    us: total(samples.map(({ us }) => us)),
    ...(busy.length > 0 && { busyUs: total(busy) }),
    ...(peaks.length > 0 && { peakKiB: Math.max(...peaks) }),
  };
}
