// `update`: other limits for a container that runs (config-linux.md#control-groups).

import * as fs from 'node:fs';
import { openCgroup } from '../cgroup/cgroup.js';
import { limit } from '../cgroup/limit.js';
import type { Unit } from '../cgroup/systemd/manager.js';
import { setLimits } from '../cgroup/systemd/scope.js';
import { Failed, fail, render } from '../failure.js';
import { collectFacts } from '../host/collect.js';
import { attempt } from '../host/system-failure.js';
import { deviceFilter } from '../launch/device-filter.js';
import { log } from '../log.js';
import { addon } from '../native/load.js';
import { effectiveRules } from '../plan/device-rules.js';
import { hostOfUnits, obstacleTo } from '../plan/limit-cgroup.js';
import type { Shares } from '../plan/resctrl.js';
import { limitsOf } from '../plan/resources/index.js';
import { deviceProperties } from '../plan/systemd/device-properties.js';
import { propertiesOf } from '../plan/systemd/limit-properties.js';
import type { UnitProperty } from '../plan/systemd/property.js';
import type { Resources } from '../spec/types.js';
import type { Context } from './context.js';
import { whileLocked } from './lock.js';
import type { ContainerRecord } from './record.js';
import { asContainer, statusOf } from './status.js';
import { load } from './store.js';
import { updateClass } from './update-class.js';

/**
 * Sets the limits that `resources` and `shares` name and leaves the others. Throws `Failed` when one
 * cannot be set; those before it in the order of the files are set by then.
 */
export function update(
  context: Context,
  id: string,
  resources: Resources | undefined,
  shares?: Shares,
): void {
  const doing = `update container ${id}`;
  const { path } = load(context.root, id);
  whileLocked(path, id, () => {
    const container = asContainer(load(context.root, id));
    if (statusOf(container) === 'stopped') fail({ doing, cause: 'container not running' });
    if (resources) updateCgroup(doing, container.record, resources);
    if (shares) updateClass(doing, container.record.resctrl, shares);
  });
}

function updateCgroup(
  doing: string,
  { cgroup, unit }: ContainerRecord,
  resources: Resources,
): void {
  if (cgroup === undefined) {
    const remedy = 'run it where a cgroup can be made: as root, or in a delegated cgroup';
    fail({ doing, cause: 'the container has no cgroup of its own', remedy });
  }
  inResources(doing, () => apply(doing, { cgroup, unit }, resources));
}

/** The limits are those of the command line or of a document of their own: config.json is not at fault. */
function inResources(doing: string, act: () => void): void {
  try {
    attempt({ doing }, act);
  } catch (error) {
    if (!(error instanceof Failed) || error.failure.pointer === undefined) throw error;
    const { pointer, ...failure } = error.failure;
    const what = failure.doing === doing ? doing : `${doing}: ${failure.doing}`;
    throw new Failed({ ...failure, doing: `${what}: resources ${pointer}` });
  }
}

interface Target {
  readonly cgroup: string;
  readonly unit: Unit | undefined;
}

function apply(doing: string, { cgroup, unit }: Target, given: Resources): void {
  const resources = completed(cgroup, given);
  const { writes, refusals, warnings } = limitsOf(resources, '');
  const [refusal] = refusals;
  if (refusal !== undefined) fail({ doing, ...refusal });
  const host = unit ? hostOfUnits(collectFacts()) : collectFacts();
  for (const write of writes) {
    const obstacle = obstacleTo(write, cgroup, host);
    if (obstacle !== undefined) fail({ doing, pointer: write.pointer, ...obstacle });
  }
  checkMemory(doing, cgroup, resources);
  for (const { pointer, message } of warnings) {
    log('warning', render({ doing, pointer, cause: message }));
  }
  const cause = unit && setLimits(unit, [...propertiesOf(writes), ...ofDevices(unit, resources)]);
  if (cause)
    log('warning', render({ doing, cause, remedy: 'a daemon-reload may undo the limits' }));
  limit(cgroup, writes);
  if (resources.devices) limitDevices(cgroup, resources.devices);
}

/** What systemd's own program would otherwise go on denying. */
function ofDevices({ manager }: Unit, { devices }: Resources): UnitProperty[] {
  return devices && manager === 'system' ? deviceProperties(effectiveRules(devices)) : [];
}

/** What one limit needs to know of another that is set already. */
function completed(cgroup: string, resources: Resources): Resources {
  const { memory, cpu } = resources;
  const limit = memory?.swap && !memory.limit ? current(cgroup, 'memory.max') : undefined;
  const quota = cpu?.period && !cpu.quota ? current(cgroup, 'cpu.max') : undefined;
  const period = cpu?.quota && !cpu.period ? current(cgroup, 'cpu.max', 1) : undefined;
  return {
    ...resources,
    ...(memory ? { memory: { ...memory, ...defined({ limit }) } } : {}),
    ...(cpu ? { cpu: { ...cpu, ...defined({ quota, period }) } } : {}),
  };
}

/** Those that have a value. */
function defined<T extends Record<string, number | undefined>>(values: T) {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: number };
}

/** A number in a file of the cgroup; undefined for `max` and where there is no such file. */
function current(cgroup: string, file: string, index = 0): number | undefined {
  const path = `${cgroup}/${file}`;
  const text = fs.existsSync(path) ? fs.readFileSync(path, 'latin1') : '';
  const number = Number.parseInt(text.split(' ')[index] ?? '', 10);
  return Number.isNaN(number) ? undefined : number;
}

/** Instead of killing what is over the new limit (config-linux.md#memory, checkBeforeUpdate). */
function checkMemory(doing: string, cgroup: string, { memory }: Resources): void {
  if (!memory?.checkBeforeUpdate || !memory.limit || memory.limit < 0) return;
  const used = current(cgroup, 'memory.current') ?? 0;
  if (used <= memory.limit) return;
  fail({
    doing,
    pointer: '/memory/limit',
    cause: `the container uses ${used} bytes, more than ${memory.limit}`,
    remedy: 'leave checkBeforeUpdate out to let the kernel reclaim, or kill',
  });
}

function limitDevices(cgroup: string, devices: NonNullable<Resources['devices']>): void {
  const directory = openCgroup(cgroup);
  if (directory === null) return;
  try {
    addon().attachDeviceFilter(directory, deviceFilter(effectiveRules(devices)));
  } finally {
    fs.closeSync(directory);
  }
}
