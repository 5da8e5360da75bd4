// Properties the specification does not have: they are ignored, as it demands, but not in silence.

import type * as z from 'zod/mini';
import { didYouMean, nearest } from './nearest.js';
import { type Part, partOf } from './parts.js';
import { below, type Problems } from './problem.js';
import { rightKey } from './suggest.js';

/** Warns of each key in `value` that `schema` does not know, with the nearest known one. */
export function unknownKeys(
  schema: z.ZodMiniType,
  value: unknown,
  to: Problems,
  pointer = '',
): void {
  if (typeof value !== 'object' || value === null) return;
  const part = partOf(schema);
  if (part.kind === 'object') keysOf(part.shape, value, to, pointer);
  else if (part.kind === 'list' || part.kind === 'map') {
    for (const [key, item] of Object.entries(value)) {
      unknownKeys(part.item, item, to, below(pointer, key));
    }
  }
}

type Shape = Extract<Part, { kind: 'object' }>['shape'];

function keysOf(shape: Shape, value: object, to: Problems, pointer: string): void {
  // A list where an object should be is an error already.
  if (Array.isArray(value)) return;
  for (const [key, item] of Object.entries(value)) {
    const at = below(pointer, key);
    const part = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (part !== undefined) unknownKeys(part, item, to, at);
    else unknownKey(key, Object.keys(shape), to, at);
  }
}

function unknownKey(key: string, names: readonly string[], to: Problems, pointer: string): void {
  const close = rightKey(key, names) ?? nearest(key, names);
  const message = `unknown property "${key}", ignored${didYouMean(close)}`;
  to.warning(pointer, message, close === undefined ? {} : { nearest: close });
}
