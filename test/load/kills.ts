// The runtime is killed at random moments; `delete --force` removes what is left, and the id is free.

import type { Bundle } from '../rig/bundle.js';
import type { Rig } from '../rig/rig.js';
import { sleeping } from './crowds.js';
import { type Finding, Ledger } from './finding.js';
import { killed, kindsLeft, timeOfCreate } from './killing.js';
import type { Random } from './random.js';

/** A command that is killed: what has to be done before it, and its words. */
interface Victim {
  readonly before: readonly (readonly string[])[];
  readonly args: readonly string[];
}

/** The commands that are killed, by name. */
function victims({ path }: Bundle, id: string): Record<string, Victim> {
  const create = ['create', '--bundle', path, id];
  const run = ['run', '--bundle', path];
  return {
    create: { before: [], args: create },
    run: { before: [], args: [...run, id] },
    'run --detach': { before: [], args: [...run, '--detach', id] },
    start: { before: [create], args: ['start', id] },
    delete: { before: [create], args: ['delete', id] },
    'delete --force': {
      before: [[...run, '--detach', id]],
      args: ['delete', '--force', id],
    },
  };
}

/** Kills `count` commands; `traces` say how far each had come, and what it had left. */
export async function kills(
  rig: Rig,
  count: number,
  random: Random,
): Promise<{ finding: Finding; traces: string[] }> {
  const bundle = await sleeping(rig);
  const ledger = new Ledger('killed with SIGKILL');
  const traces: string[] = [];
  const took = await timeOfCreate(rig, bundle);
  for (let i = 0; i < count; i++) {
    const id = rig.newId();
    const name = random.pick(Object.keys(victims(bundle, id)));
    const delay = random.below(took * 1.2);
    const trace = await killOne(rig, bundle, id, { name, delay, ledger });
    traces.push(`${name}: ${trace}`);
  }
  return { finding: ledger.finding(), traces };
}

async function killOne(
  rig: Rig,
  bundle: Bundle,
  id: string,
  { name, delay, ledger }: { name: string; delay: number; ledger: Ledger },
): Promise<string> {
  const { before, args } = victims(bundle, id)[name] as Victim;
  const context = `${name} killed after ${delay.toFixed(2)} ms: `;
  for (const command of before) await ledger.succeeds(rig, command, context);
  const how = await killed(rig, args, delay);
  const trace = `${how}, left ${kindsLeft(rig)}`;
  const create = ['create', '--bundle', bundle.path, id];
  // Twice: the second container has the same id.
  for (const again of [true, false]) {
    await ledger.succeeds(rig, ['delete', '--force', id], context);
    await ledger.nothingIsLeft(rig, context);
    if (again) await ledger.succeeds(rig, create, context);
  }
  ledger.count += 1;
  return trace;
}
