// Where a document can have values.

import type { ZodMiniType } from 'zod/mini';
import { partOf } from '../../src/spec/parts.js';

/** A place in documents. */
export interface Place {
  /** With `*` for an element of a list or a value of a map. */
  readonly pointer: string;
  /** Whether what is there has no parts. */
  readonly single: boolean;
}

/** Every place of a schema. */
export function* places(schema: ZodMiniType, pointer = ''): Generator<Place> {
  const part = partOf(schema);
  yield { pointer, single: !('item' in part || 'shape' in part) };
  if ('item' in part) yield* places(part.item, `${pointer}/*`);
  if ('shape' in part) {
    for (const [key, inner] of Object.entries(part.shape))
      yield* places(inner, `${pointer}/${key}`);
  }
}

/** Whether it is an element or a value, which has no name. */
export function isElement({ pointer }: Place): boolean {
  return pointer.endsWith('/*');
}
