// Where the time of one `run` goes, from the marks that sampan writes (SAMPAN_TIMINGS).

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './measure.js';
import { commandLine, type Station } from './station.js';
import { median } from './statistics.js';

/** One line of the file: `us` since the mark before, written at `at` (microseconds since 1970). */
interface Mark {
  readonly name: string;
  readonly us: number;
  readonly at: number;
}

/** A phase with its median over the rounds. */
export interface Phase {
  readonly name: string;
  readonly us: number;
}

/** The phases of `run` in order, from the start of the process to its end. */
export async function phasesOfRun(
  station: Station,
  bundle: string,
  rounds: number,
): Promise<Phase[]> {
  const samples = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, us } of await oneRun(station, bundle)) {
      samples.set(name, [...(samples.get(name) ?? []), us]);
    }
  }
  return [...samples].map(([name, values]) => ({ name, us: median(values) }));
}

async function oneRun({ rig, peer, under }: Station, bundle: string): Promise<Phase[]> {
  const file = join(rig.runtimeDirectory, 'timings');
  rmSync(file, { force: true });
  const argv = [...commandLine(peer, rig), 'run', '--bundle', bundle, rig.newId()];
  const { at, us } = await measure(rig, argv, { env: { SAMPAN_TIMINGS: file }, under });
  const marks = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): Mark => JSON.parse(line));
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no timings were written');
  return [
    { name: 'engine start', us: first.at - first.us - at },
    ...marks,
    { name: 'wait and clean-up', us: at + us - last.at },
  ];
}
