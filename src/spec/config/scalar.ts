// The leaf schemas every part of config.json is made of, and subtrees that are built only on use.

import * as z from 'zod/mini';

// One process parses one document, so compiling parsers with `new Function` never pays.
z.config({ jitless: true });

/** A JSON string. */
export const text = z.string();
/** A JSON boolean. */
export const flag = z.boolean();
/** A list of strings. */
export const texts = z.array(text);
/** A map from string to string. */
export const textMap = z.record(text, text);
/** Anything: parts for other platforms, carried but not read. */
export const opaque = z.unknown();

/** Largest uid or gid; 2^32-1 is the kernel's "no id" (chown(2)). */
export const MAX_ID = 4294967294;

/** An integer between `min` and `max`, both included. */
export function integer(min: number, max: number) {
  return z.number().check((ctx) => {
    const n = ctx.value;
    if (Number.isInteger(n) && n >= min && n <= max) return;
    const params = { expected: `an integer from ${min} to ${max}` };
    ctx.issues.push({ code: 'custom', input: n, params });
  });
}

/** A uid or gid: 0 to 2^32-2. */
export const id = integer(0, MAX_ID);
/** 0 to 2^32-1. */
export const uint32 = integer(0, 4294967295);
/** -2^31 to 2^31-1. */
export const int32 = integer(-2147483648, 2147483647);
/** 0 to 2^16-1. */
export const uint16 = integer(0, 65535);
/**
 * 0 to 2^64-1 as the nearest double: exact up to 2^53, and 2^64-1 (RLIM_INFINITY) reads as 2^64.
 */
export const uint64 = integer(0, 2 ** 64);
/** -2^63 to 2^63-1 as the nearest double: exact up to ±2^53. */
export const int64 = integer(-(2 ** 63), 2 ** 63);

/** 0 to 2^64-1, every bit kept: a number up to 2^53-1, a bigint above (`parseJson` makes those). */
export const exactUint64 = () => z.union([integer(0, Number.MAX_SAFE_INTEGER), bigUint64()]);

function bigUint64() {
  return z.bigint().check((ctx) => {
    const n = ctx.value;
    if (n >= 0n && n <= 18446744073709551615n) return;
    const params = { expected: 'an integer from 0 to 18446744073709551615' };
    ctx.issues.push({ code: 'custom', input: n, params });
  });
}

const makers = new WeakMap<object, () => z.ZodMiniType>();

/**
 * A schema that is built when a value for it is first met. `z.lazy` and getters in a shape are
 * resolved even for absent keys, which would build the whole document's schema on every start.
 */
export function deferred<T>(make: () => z.ZodMiniType<T>): z.ZodMiniType<T> {
  let made: z.ZodMiniType<T> | undefined;
  const resolve = () => {
    made ??= make();
    return made;
  };
  const outer = z.pipe(
    z.unknown(),
    z.transform((value, ctx) => {
      const result = z.safeParse(resolve(), value);
      if (result.success) return result.data;
      ctx.issues.push(...(result.error.issues as typeof ctx.issues));
      return z.NEVER;
    }),
  ) as unknown as z.ZodMiniType<T>;
  makers.set(outer, resolve);
  return outer;
}

/** The schema behind a `deferred` one; any other schema as it is. */
export function resolved(schema: object): object {
  return makers.get(schema)?.() ?? schema;
}

/** An optional subtree that is built only when the property is there. */
export function rare<T>(make: () => z.ZodMiniType<T>) {
  return z.optional(deferred(make));
}
