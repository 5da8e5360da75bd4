// Properties the specification does not have: they are ignored, as it demands, but not in silence.

import type * as z from 'zod/mini';
import type { LeafParams } from './config/scalar.js';
import { didYouMean, nearest } from './nearest.js';
import { below, type Problems } from './problem.js';
import { rightKey } from './suggest.js';

/** The few parts of a schema's definition that the walk follows. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodMiniType;
  readonly element?: z.ZodMiniType;
  readonly valueType?: z.ZodMiniType;
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>;
  readonly params?: LeafParams;
}

/** Warns of each key in `value` that `schema` does not know, with the nearest known one. */
export function unknownKeys(
  schema: z.ZodMiniType,
  value: unknown,
  to: Problems,
  pointer = '',
): void {
  if (typeof value !== 'object' || value === null) return;
  const definition = schema._zod.def as Definition;
  const inner = definition.innerType ?? definition.params?.nested?.();
  if (inner === undefined) keysOf(definition, value, to, pointer);
  else unknownKeys(inner, value, to, pointer);
}

function keysOf(definition: Definition, value: object, to: Problems, pointer: string): void {
  const { shape } = definition;
  // A list where an object should be is an error already.
  if (shape !== undefined && Array.isArray(value)) return;
  for (const [key, item] of Object.entries(value)) {
    const at = below(pointer, key);
    const part = definition.element ?? definition.valueType ?? (shape && known(shape, key));
    if (part !== undefined) unknownKeys(part, item, to, at);
    else if (shape !== undefined) unknownKey(key, Object.keys(shape), to, at);
  }
}

function known(shape: NonNullable<Definition['shape']>, key: string): z.ZodMiniType | undefined {
  return Object.hasOwn(shape, key) ? shape[key] : undefined;
}

function unknownKey(key: string, names: readonly string[], to: Problems, pointer: string): void {
  const close = rightKey(key, names) ?? nearest(key, names);
  const message = `unknown property "${key}", ignored${didYouMean(close)}`;
  to.warning(pointer, message, close === undefined ? {} : { nearest: close });
}
