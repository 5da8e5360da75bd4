// State directories, ROOT/ID:
//   state.json   the record; from here on the directory is a container
//   config.json  the exact bytes the container was made from
//   pid          `PID STARTTIME` of its process, once there is one
//   start.sock   while it waits for `start`
//   creating     while hooks of its creation may run

import * as fs from 'node:fs';
import { type Failed, fail } from '../failure.js';
import type { ProcessIdentity } from '../host/process.js';
import { attempt, codeOf, systemFailure } from '../host/system-failure.js';
import { readIfThere, unlinkIfThere, writeWhole } from './files.js';
import { checkId, isId } from './id.js';
import { parseIdentity, writeIdentity } from './identity.js';
import { type ContainerRecord, parseRecord, writeRecord } from './record.js';
import { checkRoot, lstatIfThere, makeRoot } from './root.js';

/** The socket in a state directory that `start` connects to. */
export const START_SOCKET = 'start.sock';

/** A file in a state directory, there while the hooks of the creation run: other creations take no time. */
export const CREATING = 'creating';

/** What a state directory holds. Half made: no record, or a record without a process. */
export interface Stored {
  readonly id: string;
  /** Path of the state directory. */
  readonly path: string;
  readonly record: ContainerRecord | null;
  readonly process: ProcessIdentity | null;
}

/**
 * Makes the state directory of an id that is free; its path. Throws `Failed` when the id is in use
 * or the directory cannot be made. It belongs to who claims it.
 */
export function reserve(root: string, id: string): string {
  checkId(id);
  makeRoot(root);
  const path = `${root}/${id}`;
  try {
    fs.mkdirSync(path, 0o700);
  } catch (error) {
    const known = { doing: 'make the state directory', path, remedy: 'give another --root DIR' };
    if (codeOf(error) !== 'EEXIST') fail(systemFailure(error, known));
    taken(id);
  }
  return path;
}

/**
 * Writes the record, for who holds the lock. Whoever comes first is the container: since it was
 * reserved, the directory may have been removed, and made anew for another `create`. Throws
 * `Failed`; then nothing is left of it.
 */
export function claim(path: string, record: ContainerRecord): void {
  if (lstatIfThere(`${path}/state.json`) !== null) taken(record.id);
  try {
    writeWhole(`${path}/state.json`, writeRecord(record), 0o600);
  } catch (error) {
    removeDirectory(path);
    const known = { doing: `write the state of container ${record.id}`, path };
    fail({ ...systemFailure(error, known) });
  }
}

function taken(id: string): never {
  return fail({
    doing: 'create',
    cause: `container with id "${id}" already exists`,
    remedy: `choose another id, or remove it: sampan delete --force ${id}`,
  });
}

/** Writes the record anew, where a launch finds that its cgroups are not as they were planned. */
export function rewriteRecord(path: string, record: ContainerRecord): void {
  const known = { doing: 'write the state', path };
  attempt(known, () => writeWhole(`${path}/state.json`, writeRecord(record), 0o600));
}

/** Keeps the configuration that the container is made from: what becomes of the bundle's has no effect. */
export function saveConfig(path: string, config: string): void {
  const known = { doing: 'keep the configuration', path };
  attempt(known, () => writeWhole(`${path}/config.json`, config, 0o600));
}

/** Writes down the container's process; from here on `delete --force` finds it. */
export function savePid(path: string, identity: ProcessIdentity): void {
  const known = { doing: 'write the pid', path };
  attempt(known, () => writeWhole(`${path}/pid`, `${writeIdentity(identity)}\n`, 0o600));
}

/** Reads a state directory; null when there is no such container. */
export function find(root: string, id: string): Stored | null {
  checkId(id);
  if (!checkRoot(root)) return null;
  return readStored(root, id);
}

/** As `find`; throws `container "ID" does not exist`. */
export function load(root: string, id: string): Stored {
  return find(root, id) ?? missing(id, root);
}

/** Ids of all state directories, sorted. */
export function listIds(root: string): string[] {
  if (!checkRoot(root)) return [];
  const entries = fs.readdirSync(root, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && isId(entry.name));
  return folders.map((entry) => entry.name).sort();
}

/** Reads ROOT/ID; null when it is gone. The root has been checked. */
export function readStored(root: string, id: string): Stored | null {
  const path = `${root}/${id}`;
  const stat = lstatIfThere(path);
  if (stat === null) return null;
  if (!stat.isDirectory()) fail({ doing: 'state', path, cause: 'not a directory' });
  const text = readIfThere(`${path}/state.json`);
  const pid = readIfThere(`${path}/pid`);
  return {
    id,
    path,
    record: text === null ? null : parseRecord(text),
    process: pid === null ? null : parseIdentity(pid),
  };
}

/** The configuration the container was made from. */
export function readConfig({ id, path }: Stored): string {
  return readIfThere(`${path}/config.json`) ?? missing(id);
}

/**
 * Removes a state directory, the record last, so that a removal that is interrupted can be
 * finished. One that is gone is fine.
 */
export function removeDirectory(path: string): void {
  const last = ['pid', 'state.json'];
  try {
    const others = fs.readdirSync(path).filter((name) => !last.includes(name));
    for (const name of [...others, ...last]) unlinkIfThere(`${path}/${name}`);
    fs.rmdirSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') fail(systemFailure(error, { doing: 'remove the state', path }));
  }
}

/** The phrase that callers know an unknown id by; root and other users have a `root` of their own. */
export function missing(id: string, root?: string): never {
  const remedy = `it is looked for in ${root}: another user has another directory, as has --root`;
  return fail({ doing: 'look up', cause: noSuch(id), ...(root && { remedy }) });
}

/** Whether it is what `missing` throws. */
export function isMissing({ failure }: Failed, id: string): boolean {
  return failure.cause === noSuch(id);
}

function noSuch(id: string): string {
  return `container "${id}" does not exist`;
}
