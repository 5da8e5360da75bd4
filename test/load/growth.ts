// What a command costs while many other containers exist.

import { measure } from '../bench/measure.js';
import type { Bundle } from '../rig/bundle.js';
import type { Rig } from '../rig/rig.js';
import { sleeping } from './crowds.js';
import { type Finding, Ledger } from './finding.js';

/** Containers that are made, or removed, at a time. */
const HANDS = 4;

/** Measures `state`, `run` and `list` with each number of running containers, then removes them. */
export async function growth(rig: Rig, sizes: readonly number[], rounds: number) {
  const bundle = await sleeping(rig);
  const brief = (await rig.bundle()).runs(['true']);
  const making = new Ledger(`run --detach until ${Math.max(...sizes)} run`);
  const ids: string[] = [];
  const findings: Finding[] = [];
  for (const size of sizes) {
    const added = Array.from({ length: size - ids.length }, () => rig.newId());
    const argv = ['run', '--detach', ...keyring(rig), '--bundle', bundle.path];
    await byHands(added, (id) => making.timed(rig, [...argv, id]));
    ids.push(...added);
    findings.push(...(await costs(rig, { brief, ids, rounds })));
  }
  const removing = new Ledger(`delete --force of ${ids.length}`);
  await byHands(ids, (id) => removing.timed(rig, ['delete', '--force', id]));
  await removing.nothingIsLeft(rig);
  return [making.finding(), ...findings, removing.finding()];
}

/** An ordinary user may have 200 keys, and a session keyring is one (keyrings(7)). */
function keyring({ identity }: Rig): string[] {
  return identity.uid === 0 ? [] : ['--no-new-keyring'];
}

async function costs(
  rig: Rig,
  { brief, ids, rounds }: { brief: Bundle; ids: readonly string[]; rounds: number },
): Promise<Finding[]> {
  const words = {
    state: ['state', ids.at(-1) ?? ''],
    run: ['run', '--bundle', brief.path, rig.newId()],
    list: ['list', '--quiet'],
    'list of states': ['list', '--format', 'json'],
  };
  const entries = Object.entries(words).map(([name, args]) => ({
    ledger: new Ledger(`${name}, while ${ids.length} run`),
    args,
  }));
  // In turn, so that what slows the machine for a while slows all.
  for (let round = 0; round < rounds; round++) {
    for (const { ledger, args } of entries) {
      const { us } = await measure(rig, [...rig.commandLine(), ...args]);
      ledger.times.push(us / 1000);
      ledger.count += 1;
    }
  }
  return entries.map(({ ledger }) => ledger.finding());
}

/** Some at a time. */
async function byHands<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...list];
  const hand = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: HANDS }, hand));
}
