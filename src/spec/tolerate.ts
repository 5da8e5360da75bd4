// What is read in spite of the specification, and what is left to check after a failure.

import { type Problems, pointerOf } from './problem.js';

type Fields = Record<string, unknown>;

/**
 * Fills in what runc takes as zero although it is required: `process.user`, its uid and gid.
 * Changes `document`; warns of each.
 */
export function fillIn(document: unknown, to: Problems): void {
  if (!isObject(document)) return;
  const { process } = document;
  if (!isObject(process)) return;
  if (process.user === undefined) {
    process.user = { uid: 0, gid: 0 };
    to.warning('/process/user', 'required but missing, taken as uid 0 and gid 0');
  }
  if (!isObject(process.user)) return;
  for (const name of ['uid', 'gid']) {
    if (process.user[name] !== undefined) continue;
    process.user[name] = 0;
    to.warning(`/process/user/${name}`, 'required but missing, taken as 0');
  }
}

/** Drops properties that are null, as Go's encoder writes what is unset. Changes `document`. */
export function dropNulls(document: unknown, to: Problems): void {
  if (isObject(document)) dropNullsBelow(document, [], to);
}

function dropNullsBelow(fields: Fields, path: readonly string[], to: Problems): void {
  for (const key in fields) {
    const value = fields[key];
    if (value === null) {
      delete fields[key];
      to.warning(pointerOf([...path, key]), 'null is taken as unset');
    } else if (isObject(value)) {
      dropNullsBelow(value, [...path, key], to);
    }
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A document of which parts failed the schema. */
export interface Remainder {
  /** The document; failed elements of lists are `undefined`. */
  readonly document: Fields;
  /** Whether what a rule reads at this pointer failed. */
  isBroken(pointer: string): boolean;
}

/** Takes the failed values at `paths` out of a copy of `document`; undefined if all of it failed. */
export function withoutFailed(
  document: unknown,
  paths: readonly (readonly PropertyKey[])[],
): Remainder | undefined {
  if (!isObject(document) || paths.some((path) => path.length === 0)) return undefined;
  const copy = copyOf(document) as Fields;
  const broken: string[] = [];
  const holes: string[] = [];
  for (const path of paths) {
    const element = cutElement(copy, path);
    if (element === undefined) broken.push(pointerOf(path));
    else holes.push(element);
  }
  return { document: copy, isBroken: (pointer) => isBroken(pointer, broken, holes) };
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOf(item)]));
}

/** Empties the outermost list element on the path; its pointer, if there is one. */
function cutElement(document: Fields, path: readonly PropertyKey[]): string | undefined {
  let value: unknown = document;
  for (const [depth, key] of path.entries()) {
    if (Array.isArray(value)) {
      value[key as number] = undefined;
      return pointerOf(path.slice(0, depth + 1));
    }
    if (!isObject(value)) return undefined;
    value = value[key as string];
  }
  return undefined;
}

function isBroken(pointer: string, broken: readonly string[], holes: readonly string[]): boolean {
  const list = pointer.endsWith('/*');
  const read = list ? pointer.slice(0, -2) : pointer;
  const related = (other: string) => isWithin(other, read) || isWithin(read, other);
  if (broken.some(related)) return true;
  return holes.some((hole) => {
    if (!list) return related(hole);
    // A hole in the list itself is allowed for; one further out or deeper is not.
    return related(hole) && hole.slice(0, hole.lastIndexOf('/')) !== read;
  });
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}
