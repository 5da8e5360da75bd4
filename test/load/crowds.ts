// Many containers: one after the other, all at once, and each at its own pace.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '../rig/bundle.js';
import type { Rig } from '../rig/rig.js';
import { type Finding, Ledger } from './finding.js';

const verbs = ['create', 'start', 'delete'] as const;
type Verb = (typeof verbs)[number];

/** One at a time. */
export async function oneAfterTheOther(rig: Rig, count: number): Promise<Finding[]> {
  const bundle = await sleeping(rig);
  const ledgers = ledgersFor('one after the other');
  for (let i = 0; i < count; i++) {
    const id = rig.newId();
    for (const verb of verbs) await ledgers[verb].timed(rig, line(verb, bundle, id));
  }
  return close(rig, ledgers);
}

/** Each verb on all of them at the same time; all of them exist together. */
export async function allAtOnce(rig: Rig, count: number): Promise<Finding[]> {
  const bundle = await sleeping(rig);
  const ledgers = ledgersFor(`${count} at once`);
  const ids = Array.from({ length: count }, () => rig.newId());
  for (const verb of verbs) {
    if (verb === 'delete') await allRun(rig, ids, ledgers.start);
    await Promise.all(ids.map((id) => ledgers[verb].timed(rig, line(verb, bundle, id))));
  }
  return close(rig, ledgers);
}

/** Some are deleted while others are made, below one cgroup that comes and goes with them. */
export async function livesAtOnce(rig: Rig, count: number, cgroups: boolean): Promise<Finding[]> {
  const bundle = await sleeping(rig);
  const ledgers = ledgersFor(`${count} lives at once`);
  const live = async (id: string) => {
    const config = cgroups ? ['--config', inSharedCgroup(rig, bundle, id)] : [];
    for (const verb of verbs) await ledgers[verb].timed(rig, line(verb, bundle, id, config));
  };
  await Promise.all(Array.from({ length: count }, () => live(rig.newId())));
  return close(rig, ledgers);
}

/** A bundle whose program stays. */
export async function sleeping(rig: Rig): Promise<Bundle> {
  return (await rig.bundle()).runs(['sleep', '1000']);
}

/** Path of a configuration like the bundle's. */
function inSharedCgroup(rig: Rig, bundle: Bundle, id: string): string {
  const { config } = bundle;
  config.linux.cgroupsPath = `/${rig.token}-shared/inner/${id}`;
  const path = join(bundle.path, `${id}.json`);
  writeFileSync(path, JSON.stringify(config));
  return path;
}

function line(verb: Verb, bundle: Bundle, id: string, config: readonly string[] = []): string[] {
  if (verb === 'create') return ['create', '--bundle', bundle.path, ...config, id];
  return verb === 'delete' ? ['delete', '--force', id] : [verb, id];
}

async function allRun(rig: Rig, ids: readonly string[], ledger: Ledger): Promise<void> {
  const { stdout } = await rig.command(['list', '--format', 'json']);
  const listed: { id: string; status: string }[] = JSON.parse(stdout) ?? [];
  const running = new Set(listed.filter(({ status }) => status === 'running').map(({ id }) => id));
  for (const id of ids) if (!running.has(id)) ledger.broken.push(`${id} is not running`);
}

function ledgersFor(how: string): Record<Verb, Ledger> {
  return {
    create: new Ledger(`create, ${how}`),
    start: new Ledger(`start, ${how}`),
    delete: new Ledger(`delete --force, ${how}`),
  };
}

async function close(rig: Rig, ledgers: Record<Verb, Ledger>): Promise<Finding[]> {
  await ledgers.delete.nothingIsLeft(rig);
  return verbs.map((verb) => ledgers[verb].finding());
}
