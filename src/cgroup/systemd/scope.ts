// A container's process in a scope of systemd, and limits that systemd knows of.

import * as fs from 'node:fs';
import { Failed, fail } from '../../failure.js';
import { ownCgroup } from '../../host/cgroup-layout.js';
import { pause } from '../../host/pause.js';
import type { StartScope } from '../../plan/steps.js';
import type { UnitProperty } from '../../plan/systemd/property.js';
import { type Connection, Refused } from './connection.js';
import {
  attachProcess,
  followJobs,
  resetFailed,
  setProperties,
  startTransient,
  type Unit,
  withManager,
} from './manager.js';

/** How long the scope of a container that has ended may take to go, in milliseconds. */
const LEAVING_MS = 2000;

/** Puts process `pid` into a new scope; the absolute path of its cgroup. Throws `Failed`. */
export function startScope(step: StartScope, pid: number): string {
  const properties = [...step.properties, { name: 'PIDs', signature: 'au', value: [pid] }];
  const result = withManager(step, (connection) => start(connection, step, properties));
  const { unit } = step;
  if (result !== 'done')
    fail({ doing: `start the unit ${unit}`, cause: `the job ended as ${result}` });
  return cgroupOf(step, pid);
}

/** The name may be that of a unit that is about to go, or has failed. */
function start(
  connection: Connection,
  { unit }: Unit,
  properties: readonly UnitProperty[],
): string {
  const end = performance.now() + LEAVING_MS;
  followJobs(connection);
  for (;;) {
    try {
      return startTransient(connection, unit, properties);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const exists = error.code.endsWith('.UnitExists');
      if (!exists || performance.now() > end) refused(unit, error);
    }
    resetFailed(connection, unit);
    pause(20);
  }
}

function refused(unit: string, { code, message }: Refused): never {
  const remedy = remedyFor(code);
  const failure = { doing: `start the unit ${unit}`, cause: `systemd: ${message} [${code}]` };
  return fail({ ...failure, ...(remedy ? { remedy } : {}) });
}

function remedyFor(code: string): string | undefined {
  switch (code.slice(code.lastIndexOf('.') + 1)) {
    case 'UnitExists':
      return 'stop the unit, or choose another name in linux.cgroupsPath';
    case 'PropertyReadOnly':
    case 'UnknownProperty':
      return 'this systemd has no such property: see the annotations org.systemd.property.*';
    // "Unexpected message contents": it does not say of which.
    case 'ENXIO':
      return 'a property has another type: see the annotations org.systemd.property.*';
    case 'AccessDenied':
    case 'InteractiveAuthorizationRequired':
      return 'run it as root or in a session of this user, or use --cgroup-manager=cgroupfs';
    default:
      return undefined;
  }
}

/** Where the kernel says that the process is; the plan only knows where units usually are. */
function cgroupOf({ unit, path }: StartScope, pid: number): string {
  const { own = '' } = ownCgroup(fs.readFileSync(`/proc/${pid}/cgroup`, 'latin1'));
  if (!own.endsWith(`/${unit}`)) {
    const remedy = 'use --cgroup-manager=cgroupfs';
    fail({
      doing: `start the unit ${unit}`,
      path: own,
      cause: 'the process is in another cgroup',
      remedy,
    });
  }
  if (path.endsWith(own)) return path;
  const mount = mountPoint(path);
  return mount + own;
}

/** The cgroup2 mount that `path` is below. */
function mountPoint(path: string): string {
  let folder = path;
  while (folder !== '' && !fs.existsSync(`${folder}/cgroup.controllers`)) folder = parentOf(folder);
  while (fs.existsSync(`${parentOf(folder)}/cgroup.controllers`)) folder = parentOf(folder);
  return folder;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Puts process `pid` into a container's `cgroup`, its unit's or one below. Throws `Failed`. */
export function attach(unit: Unit, cgroup: string, pid: number): void {
  const at = cgroup.lastIndexOf(`/${unit.unit}`);
  const below = at < 0 ? '' : cgroup.slice(at + 1 + unit.unit.length);
  try {
    withManager(unit, (connection) => attachProcess(connection, unit.unit, below, pid));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const cause = `systemd: ${error.message} [${error.code}]`;
    fail({ doing: `enter the unit ${unit.unit}`, cause });
  }
}

/**
 * Tells systemd of limits that are about to be written into the files. What it does not take is
 * returned: those limits hold until it looks after the cgroup again.
 */
export function setLimits(unit: Unit, properties: readonly UnitProperty[]): string | undefined {
  if (properties.length === 0) return undefined;
  try {
    withManager(unit, (connection) => setProperties(connection, unit.unit, properties));
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return `systemd: ${error.message} [${error.code}]`;
    if (error instanceof Failed) return error.message;
    throw error;
  }
}
