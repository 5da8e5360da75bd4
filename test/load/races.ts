// Many commands on one id at the same moment: exactly the lawful ones succeed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '../rig/bundle.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { sleeping } from './crowds.js';
import { type Finding, Ledger } from './finding.js';
import { type Done, lastStages, type Stage } from './lawful.js';
import type { Random } from './random.js';

type Verb = Done['verb'];

/** A race: the verbs that are chosen from, and the stage in which the container is. */
interface Race {
  readonly verbs: readonly Verb[];
  readonly from: 'gone' | 'created' | 'running' | 'stopped';
}

const races: Record<string, Race> = {
  'start of one created': { verbs: ['start'], from: 'created' },
  'kill of one running': { verbs: ['kill'], from: 'running' },
  'kill of one created': { verbs: ['kill'], from: 'created' },
  'delete of one stopped': { verbs: ['delete'], from: 'stopped' },
  'delete of one created': { verbs: ['delete'], from: 'created' },
  'create of one id': { verbs: ['create'], from: 'gone' },
  'start, kill, delete of one created': { verbs: ['start', 'kill', 'delete'], from: 'created' },
  'create, start, kill, delete of one id': {
    verbs: ['create', 'start', 'kill', 'delete'],
    from: 'gone',
  },
};

/** Runs each race `rounds` times with `width` commands at once. */
export async function race(
  rig: Rig,
  rounds: number,
  width: number,
  random: Random,
): Promise<Finding[]> {
  const bundle = await sleeping(rig);
  const findings: Finding[] = [];
  for (const [name, { verbs, from }] of Object.entries(races)) {
    const ledger = new Ledger(`${width} at once: ${name}`);
    for (let round = 0; round < rounds; round++) {
      const chosen = Array.from({ length: width }, () => random.pick(verbs));
      await raceOnce(rig, bundle, { verbs: chosen, from }, ledger);
    }
    findings.push(ledger.finding());
  }
  findings.push(await createAndRemove(rig, bundle, rounds, width));
  return findings;
}

async function raceOnce(rig: Rig, bundle: Bundle, race: Race, ledger: Ledger): Promise<void> {
  const id = rig.newId();
  for (const args of wayTo(race.from, bundle, id)) await ledger.succeeds(rig, args);
  if (race.from === 'stopped') await until(async () => (await rig.state(id)).status === 'stopped');
  const done = await together(
    rig,
    race.verbs.map((verb) => line(verb, bundle, id)),
  );
  const history = done.map((one, i) => ({ ...one, verb: race.verbs[i] as Verb }));
  await judge(rig, id, { history, from: race.from, ledger });
  await ledger.succeeds(rig, ['delete', '--force', id]);
  await ledger.nothingIsLeft(rig);
  ledger.count += 1;
}

/** The history has to be lawful, and has to lead to where the container is, once what dies has died. */
async function judge(
  rig: Rig,
  id: string,
  { history, from, ledger }: { history: readonly (Done & Outcome)[]; from: Stage; ledger: Ledger },
): Promise<void> {
  const last = lastStages(history, from);
  let now: Stage = from;
  const isLawful = async () => {
    now = await stageNow(rig, id);
    return last.has(now);
  };
  if (last.size > 0 && (await until(isLawful))) return;
  const told = history.map(({ verb, ok, begin, end, error }) => {
    return `${verb} ${begin}-${end} ${ok ? 'succeeded' : error.trim()}`;
  });
  ledger.broken.push(
    `from ${from} to ${now}, lawful: ${[...last].join() || 'no'}\n  ${told.join('\n  ')}`,
  );
}

async function stageNow(rig: Rig, id: string): Promise<Stage> {
  const { status, stdout } = await rig.command(['state', id]);
  return status === 0 ? JSON.parse(stdout).status : 'gone';
}

/** Creations that are cut off by `delete --force`: any may succeed, but nothing is left. */
async function createAndRemove(
  rig: Rig,
  bundle: Bundle,
  rounds: number,
  width: number,
): Promise<Finding> {
  const ledger = new Ledger(`${width} at once: create, delete --force of one id`);
  for (let round = 0; round < rounds; round++) {
    const id = rig.newId();
    const create = line('create', bundle, id);
    const remove = ['delete', '--force', id];
    const lines = Array.from({ length: width }, (_, i) => (i % 2 === 0 ? create : remove));
    const done = await together(rig, lines);
    for (const { ok, error } of done.filter((_, i) => i % 2 === 1)) {
      if (!ok) ledger.broken.push(`delete --force: ${error}`);
    }
    await ledger.succeeds(rig, remove);
    await ledger.nothingIsLeft(rig);
    ledger.count += 1;
  }
  return ledger.finding();
}

/** The commands that lead to a stage. */
function wayTo(stage: Race['from'], bundle: Bundle, id: string): string[][] {
  const verbs: Record<Race['from'], Verb[]> = {
    gone: [],
    created: ['create'],
    running: ['create', 'start'],
    stopped: ['create', 'start', 'kill'],
  };
  return verbs[stage].map((verb) => line(verb, bundle, id));
}

function line(verb: Verb, bundle: Bundle, id: string): string[] {
  if (verb === 'create') return ['create', '--bundle', bundle.path, id];
  return verb === 'kill' ? ['kill', id, 'KILL'] : [verb, id];
}

interface Outcome extends Omit<Done, 'verb'> {
  readonly error: string;
}

/** Lets the runtime's commands go at one moment (test/rig/programs/together.cc). */
async function together(rig: Rig, lines: readonly (readonly string[])[]): Promise<Outcome[]> {
  const folder = rig.directory(`together-${rig.newId()}`);
  const words = lines.flatMap((line) => [...rig.commandLine(), ...line, ';']);
  const argv = [rig.program('together'), folder, ...words.slice(0, -1)];
  const { status, stdout, stderr } = await rig.execute(argv);
  if (status !== 0) throw new Error(`together: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((text, i) => {
      const [code, begin = 0, end = 0] = text.split(' ').map(Number);
      const error = readFileSync(join(folder, String(i)), 'utf8');
      return {
        ok: code === 0,
        cut: error.includes('init was killed by signal 9'),
        early: error.includes('the container is creating'),
        begin,
        end,
        error,
      };
    });
}
