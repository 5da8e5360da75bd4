// Runtimes in turn, round by round.

import type { Sample } from './measure.js';
import type { Station } from './station.js';

/** What one runtime did in one row: its samples by round, or why it could not do it. */
export type Result = readonly Sample[] | string;

/** By the name of the runtime. */
export type Attempts = Record<string, Result>;

/** Rounds that warm the caches and do not count. */
const WARMING = 2;

/**
 * A B C D, A B C D, …: what slows the machine down for a while slows all of them. `measure` gives a
 * sample for each of the rows; the results are by row.
 */
export async function alternate(
  stations: readonly Station[],
  rows: readonly string[],
  rounds: number,
  measure: (station: Station) => Promise<readonly Sample[]>,
): Promise<Record<string, Attempts>> {
  const samples = new Map<string, Sample[][]>();
  const failures = new Map<string, string>();
  for (let round = -WARMING; round < rounds; round += 1) {
    for (const station of stations) {
      const { name } = station.peer;
      if (failures.has(name)) continue;
      const got = await attempt(() => measure(station));
      if (typeof got === 'string') failures.set(name, got);
      else if (round >= 0) samples.set(name, [...(samples.get(name) ?? []), [...got]]);
    }
  }
  const result = (name: string, at: number): Result =>
    failures.get(name) ?? (samples.get(name) ?? []).flatMap((round) => round[at] ?? []);
  return Object.fromEntries(
    rows.map((row, at) => [
      row,
      Object.fromEntries(stations.map(({ peer: { name } }) => [name, result(name, at)])),
    ]),
  );
}

/** The message of a failure takes the place of the result. */
export async function attempt<T>(what: () => T | Promise<T>): Promise<T | string> {
  try {
    return await what();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
