// What is asked of systemd's manager (org.freedesktop.systemd1(5)).

import { fail } from '../../failure.js';
import { isSystemError } from '../../host/system-failure.js';
import type { UnitProperty } from '../../plan/systemd/property.js';
import { addressesOf, type Manager, presentAddresses } from './addresses.js';
import { Connection, Refused } from './connection.js';
import type { DBusValue } from './signature.js';

/** A unit and whose it is. */
export interface Unit {
  readonly unit: string;
  readonly manager: Manager;
  /** The user's uid on the host. */
  readonly uid: number;
}

const MANAGER = {
  path: '/org/freedesktop/systemd1',
  interface: 'org.freedesktop.systemd1.Manager',
} as const;

/** Does something with a connection, and closes it. Throws `Failed` where systemd cannot be reached. */
export function withManager<T>(unit: Unit, act: (connection: Connection) => T): T {
  const connection = connect(unit);
  try {
    return act(connection);
  } finally {
    connection.close();
  }
}

function connect({ manager, uid }: Unit): Connection {
  const addresses = presentAddresses(addressesOf(manager, { env: process.env, uid }));
  let last: unknown;
  for (const address of addresses) {
    try {
      return Connection.open(address);
    } catch (error) {
      last = error;
    }
  }
  return unreachable(manager, addresses.at(-1)?.path ?? '', last);
}

function unreachable(manager: Manager, path: string, error: unknown): never {
  if (!isSystemError(error)) throw error;
  return fail({
    doing: `connect to systemd's ${manager} manager`,
    path,
    syscall: error.syscall,
    errno: error.code,
    cause: error.code === 'ENOENT' ? 'it does not run here' : error.message,
    remedy: 'use --cgroup-manager=cgroupfs',
  });
}

/** Has systemd tell this connection how jobs end. */
export function followJobs(connection: Connection): void {
  connection.listen('JobRemoved');
  connection.call({ ...MANAGER, member: 'Subscribe' });
}

/** Starts a transient unit and waits until its job is done; the job's result, `done` if it went well. */
export function startTransient(
  connection: Connection,
  unit: string,
  properties: readonly UnitProperty[],
): string {
  const [job] = connection.call({
    ...MANAGER,
    member: 'StartTransientUnit',
    signature: 'ssa(sv)a(sa(sv))',
    // "fail": no other job of this unit is put aside for it.
    body: [unit, 'fail', properties.map(wire), []],
  });
  const [, , , result] = connection.signal('JobRemoved', ([, path]) => path === job);
  return String(result);
}

/** Sets properties of a unit until it is gone, and returns when they have reached its cgroup. */
export function setProperties(
  connection: Connection,
  unit: string,
  properties: readonly UnitProperty[],
): void {
  connection.call({
    ...MANAGER,
    member: 'SetUnitProperties',
    signature: 'sba(sv)',
    body: [unit, true, properties.map(wire)],
  });
  // The files are written between two messages: what is written there next stays.
  connection.call({ ...MANAGER, interface: 'org.freedesktop.DBus.Peer', member: 'Ping' });
}

/** Moves process `pid` into the unit's cgroup, or the one at `below` in it: "" or "/payload". */
export function attachProcess(
  connection: Connection,
  unit: string,
  below: string,
  pid: number,
): void {
  connection.call({
    ...MANAGER,
    member: 'AttachProcessesToUnit',
    signature: 'ssau',
    body: [unit, below, [pid]],
  });
}

/** Forgets that a unit failed, so that its name is free; whether there was such a unit. */
export function resetFailed(connection: Connection, unit: string): boolean {
  try {
    connection.call({ ...MANAGER, member: 'ResetFailedUnit', signature: 's', body: [unit] });
    return true;
  } catch (error) {
    if (error instanceof Refused && error.code.endsWith('.NoSuchUnit')) return false;
    throw error;
  }
}

function wire({ name, signature, value }: UnitProperty): DBusValue {
  return [name, { signature, value }];
}
