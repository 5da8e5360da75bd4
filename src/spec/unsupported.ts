// Properties of the specification that are not acted on yet. A line goes when its feature comes.

import { below, type Problems, pointerOf } from './problem.js';

/** A property by its path (`*` is every element or value). */
export const UNSUPPORTED: readonly { readonly path: readonly string[] }[] = [];

/**
 * Reports each of them that `document` sets to something. `named` may rule a name out cheaply: this
 * runs on every start, and hardly any document has one.
 */
export function unsupported(
  document: unknown,
  to: Problems,
  named: (name: string) => boolean = () => true,
): void {
  for (const { path } of UNSUPPORTED) {
    if (!named(path.findLast((part) => part !== '*') ?? '')) continue;
    find(document, path, '', (pointer) => {
      const what = path.filter((part) => part !== '*').join('.');
      to.error(pointer, `${what} is not supported yet`);
    });
  }
}

function find(
  value: unknown,
  path: readonly string[],
  pointer: string,
  found: (pointer: string) => void,
): void {
  const [key, ...rest] = path;
  if (key === undefined) {
    if (isSet(value)) found(pointer);
  } else if (typeof value !== 'object' || value === null) {
    return;
  } else if (key === '*') {
    for (const [name, item] of Object.entries(value)) find(item, rest, below(pointer, name), found);
  } else if (Object.hasOwn(value, key)) {
    find((value as Record<string, unknown>)[key], rest, pointer + pointerOf([key]), found);
  }
}

/** Engines written in Go leave out, or leave empty, what is unset. */
function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false;
}
