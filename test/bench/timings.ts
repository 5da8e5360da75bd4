// Where the time of one `run` goes, from the trace that it writes.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './measure.js';
import { commandLine, type Station } from './station.js';
import { median } from './statistics.js';

/** What of an event counts here (docs/trace.md). */
interface Event {
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly ts: number;
  readonly dur: number;
}

/** The process called `sampan`. */
const SAMPAN = 1;
/** What tracing itself takes. */
const OWN = ['trace', 'open-stamps'];

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
  const file = join(rig.runtimeDirectory, 'trace');
  const argv = [...commandLine(peer, rig), 'run', '--trace', file, '--bundle', bundle, rig.newId()];
  const { at, us } = await measure(rig, argv, { under });
  const { traceEvents }: { traceEvents: Event[] } = JSON.parse(readFileSync(file, 'utf8'));
  const all = traceEvents.filter(({ pid, dur }) => pid === SAMPAN && dur !== undefined);
  const [whole, ...phases] = all;
  if (whole?.cat !== 'command') throw new Error('the trace does not begin with the command');
  rmSync(file);
  return [
    { name: 'exec', us: whole.ts - at },
    ...phases.filter(({ name }) => !OWN.includes(name)).map(({ name, dur }) => ({ name, us: dur })),
    { name: 'wait and clean-up', us: at + us - (whole.ts + whole.dur) },
  ];
}
