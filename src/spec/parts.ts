// What a schema is made of, seen through optional and deferred parts.

import type * as z from 'zod/mini';
import type { JsonLeaf, LeafParams } from './config/scalar.js';

/** One level of a schema. */
export type Part =
  | { readonly kind: 'object'; readonly shape: Readonly<Record<string, z.ZodMiniType>> }
  | { readonly kind: 'list' | 'map'; readonly item: z.ZodMiniType }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'leaf'; readonly json: JsonLeaf; readonly exact: boolean }
  | { readonly kind: 'anything' };

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodMiniType;
  readonly element?: z.ZodMiniType;
  readonly valueType?: z.ZodMiniType;
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>;
  readonly params?: LeafParams;
}

/** What `schema` is made of. */
export function partOf(schema: z.ZodMiniType): Part {
  const { innerType, element, valueType, shape, params } = schema._zod.def as Definition;
  const inner = innerType ?? params?.nested?.();
  if (inner !== undefined) return partOf(inner);
  if (shape !== undefined) return { kind: 'object', shape };
  if (element !== undefined) return { kind: 'list', item: element };
  if (valueType !== undefined) return { kind: 'map', item: valueType };
  if (params?.values !== undefined) return { kind: 'choice', values: params.values };
  const { json, exact = false } = params ?? {};
  return json ? { kind: 'leaf', json, exact } : { kind: 'anything' };
}

/** Whether an object may lack the property that `schema` is for. */
export function isOptional(schema: z.ZodMiniType): boolean {
  return schema._zod.def.type === 'optional';
}

/** Whether null is as good as absent. */
export function isNullable(schema: z.ZodMiniType): boolean {
  const { type, innerType } = schema._zod.def as Definition;
  return type === 'nullable' || (innerType !== undefined && isNullable(innerType));
}
