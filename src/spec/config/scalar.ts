// The leaf schemas every part of config.json is made of, and subtrees that are built only on use.
//
// What a leaf tests is said twice: as a function for zod, and as data, of which
// scripts/accepts-source.ts makes the test that the executable tries first.

import * as z from 'zod/mini';

// One process parses one document, so compiling parsers with `new Function` never pays.
z.config({ jitless: true });

/** A single value in JSON Schema. */
export type JsonLeaf =
  | { readonly type: 'string' | 'boolean' }
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number };

/** What a leaf says about itself; the report of a failure reads it, and so does what walks schemas. */
export interface LeafParams {
  /** In words, for a report: `a string`. */
  readonly expected?: string;
  /** What JSON Schema can say of it, where neither `values` nor `nested` does. */
  readonly json?: JsonLeaf;
  /** An integer of which no bit is lost: a bigint beyond 2^53-1. */
  readonly exact?: true;
  /** The only values that are allowed. */
  readonly values?: readonly string[];
  /** The schema behind a leaf that stands for a subtree; parsed again to find what failed in it. */
  readonly nested?: () => z.ZodMiniType;
}

/** A value that passes one test. */
export function leaf<T>(params: LeafParams, test: (value: unknown) => boolean) {
  return z.custom<T>(test, { params: params as Record<string, unknown> });
}

/** Whether a value passes; `safeParse` without its set-up, which counts for nested leaves. */
export function passes(schema: z.ZodMiniType, value: unknown): boolean {
  const payload = schema._zod.run({ value, issues: [] }, { async: false });
  return (payload as z.core.ParsePayload).issues.length === 0;
}

/** A subtree whose schema is built when a value for it is first met. */
export function deferred<T>(make: () => z.ZodMiniType<T>) {
  let made: z.ZodMiniType<T> | undefined;
  const nested = () => {
    made ??= make();
    return made;
  };
  return leaf<T>({ nested }, (value) => passes(nested(), value));
}

/** An optional subtree that is built only when the property is there. */
export function rare<T>(make: () => z.ZodMiniType<T>) {
  return z.optional(deferred(make));
}

type Shape = Record<string, z.ZodMiniType>;

/** An object whose rarer properties are built when a value has a key that is not a common one. */
export function object<C extends Shape, R extends Shape>(common: C, rarer: () => R) {
  type Whole = z.infer<z.ZodMiniObject<C & R, z.core.$strip>>;
  const small = z.object(common);
  let whole: z.ZodMiniType | undefined;
  const nested = () => {
    whole ??= z.object({ ...common, ...rarer() });
    return whole;
  };
  return leaf<Whole>({ nested }, (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const schema = Object.keys(value).every((key) => key in common) ? small : nested();
    return passes(schema, value);
  });
}

/** One of the given strings. */
export function oneOf<const T extends string>(values: readonly T[]) {
  return leaf<T>({ values }, (value) => (values as readonly unknown[]).includes(value));
}

/** The names of a table of the kernel's numbers. */
export function namesOf<T extends string>(table: Readonly<Record<T, number>>): T[] {
  return Object.keys(table) as T[];
}

/** An integer between `min` and `max`, both included; `expected` where a double cannot print them. */
export function integer(min: number, max: number, expected = `an integer from ${min} to ${max}`) {
  const json = { type: 'integer', minimum: min, maximum: max } as const;
  return leaf<number>({ expected, json }, (value) => {
    return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  });
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** A JSON string. */
export const text = leaf<string>({ expected: 'a string', json: { type: 'string' } }, isText);
/** A JSON boolean. */
export const flag = leaf<boolean>(
  { expected: 'true or false', json: { type: 'boolean' } },
  (value) => typeof value === 'boolean',
);
/** A list of strings. */
export const texts = leaf<string[]>(
  { nested: () => z.array(text) },
  (value) => Array.isArray(value) && value.every(isText),
);

/** An object with any names, all of its values alike. */
export function mapOf<T extends z.ZodMiniType>(value: T) {
  return z.record(z.string(), value);
}

/** A map from string to string. */
export const textMap = () => mapOf(text);
/** A uid or gid: 0 to 2^32-2, as 2^32-1 is the kernel's "no id" (chown(2)). */
export const id = integer(0, 4294967294);
/** 0 to 2^32-1. */
export const uint32 = integer(0, 4294967295);
/** A double: exact up to 2^53, and 2^64-1 (RLIM_INFINITY) reads as 2^64. */
export const uint64 = integer(0, 2 ** 64, 'an integer from 0 to 18446744073709551615');
/** A double: exact up to ±2^53. */
export const int64 = integer(
  -(2 ** 63),
  2 ** 63,
  'an integer from -9223372036854775808 to 9223372036854775807',
);

// One instance for all places, as each schema object costs about 10 µs on a cold start.
/** `text`, or absent. */
export const optText = z.optional(text);
/** `texts`, or absent. */
export const optTexts = z.optional(texts);
/** `flag`, or absent. */
export const optFlag = z.optional(flag);
/** `int64`, or absent. */
export const optInt64 = z.optional(int64);
