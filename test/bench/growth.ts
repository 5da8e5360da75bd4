// What commands cost while many containers exist. The containers are sampan's; where a peer's commands
// get slower as well, though it has none of its own, it is the kernel that does.

import type { Sample } from './measure.js';
import { type Attempts, alternate } from './rounds.js';
import { lifeOf } from './rows.js';
import { commandLine, type Station, timed, type Work } from './station.js';

/** Containers that are made, or removed, at a time. */
const HANDS = 4;

/** How many containers exist. */
export const sizes = [1, 100, 1000] as const;

export const growthRows = ['run', 'create', 'start', 'delete', 'state'] as const;

/** By the number of containers, by row, by runtime. */
export type Growth = Record<number, Record<string, Attempts>>;

/** Measures all with each number of containers, then removes them. */
export async function growth(stations: readonly Station[], rounds: number): Promise<Growth> {
  const oci = stations.filter(({ peer, work }) => peer.kind === 'oci' && work.default);
  const own = oci.find(({ peer }) => peer.name === 'sampan');
  const work = own?.work.default;
  if (own === undefined || work === undefined) throw new Error('there is no sampan');
  const ids: string[] = [];
  const result: Growth = {};
  for (const size of sizes) {
    const added = Array.from({ length: size - ids.length }, () => own.rig.newId());
    ids.push(...added);
    await byHands(added, (id) => detach(own, work.lasting, id));
    result[size] = await alternate(oci, growthRows, rounds, (station) =>
      once(station, station.work.default as Work),
    );
  }
  await byHands(ids, async (id) => {
    await own.rig.execute([...commandLine(own.peer, own.rig), 'delete', '--force', id]);
  });
  return result;
}

async function once(station: Station, { brief, resident }: Work): Promise<Sample[]> {
  const run = await timed(station, ['run', '--bundle', brief, station.rig.newId()]);
  const life = await lifeOf(station, brief);
  return [run, ...life, await timed(station, ['state', resident ?? ''])];
}

/** An ordinary user may have 200 keys, and a session keyring is one (keyrings(7)). */
async function detach({ rig, peer }: Station, bundle: string, id: string): Promise<void> {
  const flags = rig.identity.uid === 0 ? [] : ['--no-new-keyring'];
  const argv = [...commandLine(peer, rig), 'run', '--detach', ...flags, '--bundle', bundle, id];
  const { status, stderr } = await rig.execute(argv);
  if (status !== 0) throw new Error(stderr.trim());
}

/** Some at a time. */
async function byHands<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...list];
  const hand = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: HANDS }, hand));
}
