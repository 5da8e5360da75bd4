// The tests that the executable tries first accept what the schemas accept, and nothing else.

import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import type * as z from 'zod/mini';
import { acceptsSource } from '../../scripts/accepts-source.js';
import type { Accepts } from '../../src/spec/accepts.js';
import { configSchema } from '../../src/spec/config/config.js';
import { passes } from '../../src/spec/config/scalar.js';
import { parseJson } from '../../src/spec/parse-json.js';
import { Problems } from '../../src/spec/problem.js';
import { unknownKeys } from '../../src/spec/unknown-keys.js';
import { wrappedProcessSchema } from '../../src/spec/validate.js';
import { fixtures, namesIn } from '../plan/cases.js';

/** Every type, and the numbers on both sides of each limit that a schema has. */
const values: readonly unknown[] = [
  ...[null, true, 'text', '', 'pid', 'c', 'SCMP_ACT_ERRNO', [], ['a'], [1], [[]], [{}], [null]],
  ...[{}, { a: 'b' }, { a: 1 }, { a: {} }, { a: null }, { type: 'pid' }],
  ...[0, 1, -1, 1.5, 5, 6, 7, 8, 1000, 1001, -1000, -1001, 65535, 65536, 999_999_999, 1e9],
  ...[2 ** 22, 2 ** 22 + 1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1],
  ...[2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64],
  ...[1e20, -1e20, 2n ** 64n - 1n, 2n ** 64n, -1n],
];

type Holder = Record<string, unknown>;

/** The values in a document: their holder, key, and path with `*` for an index. */
function* places(holder: unknown, path: string): Generator<[Holder, string, string]> {
  if (typeof holder !== 'object' || holder === null) return;
  for (const [key, value] of Object.entries(holder)) {
    const at = `${path}/${Array.isArray(holder) ? '*' : key}`;
    yield [holder as Holder, key, at];
    yield* places(value, at);
  }
}

/** `document` with each value in turn missing or replaced, but not at a path in `done`. */
function* changes(document: unknown, done: Set<string>): Generator<string> {
  for (const [holder, key, path] of places(document, '')) {
    if (done.has(path)) continue;
    done.add(path);
    const kept = holder[key];
    for (const value of [undefined, ...values]) {
      holder[key] = value;
      yield `${path} = ${String(value)}`;
    }
    holder[key] = kept;
  }
}

/** All that are JSON, the small ones first. */
const documents = ['good', 'bad', 'plan']
  .flatMap((folder) => namesIn(`config/${folder}`).map((name) => `config/${folder}/${name}`))
  .filter((path) => !path.endsWith('.expect'))
  .map((path) => readFileSync(`${fixtures}${path}.json`, 'utf8'))
  .sort((a, b) => a.length - b.length)
  .flatMap((text) => {
    const parsed = parseJson(text);
    return parsed.ok ? [parsed.value] : [];
  });

let compiled: Accepts;

beforeAll(async () => {
  compiled = await import(`data:text/javascript,${encodeURIComponent(acceptsSource())}`);
});

/** Fails when the two do not agree on a document. */
function compare(document: unknown, schema: z.ZodMiniType, accepts: Accept, what: string): void {
  const expected = passes(schema, document);
  if (accepts(document) !== expected) throw new Error(`${what}: zod says ${expected}`);
}

type Accept = (document: unknown) => boolean;

test('the compiled test and the schema agree on every document', () => {
  for (const [index, document] of documents.entries()) {
    compare(document, configSchema, compiled.acceptsConfig, `document ${index} by size`);
  }
  const accepted = documents.filter(compiled.acceptsConfig);
  expect(accepted.length).toBeGreaterThan(documents.length / 3);
  expect(accepted.length).toBeLessThan(documents.length);
});

test('they agree when any property is missing or has another value', () => {
  const done = new Set<string>();
  for (const document of documents.filter(compiled.acceptsConfig)) {
    for (const change of changes(document, done)) {
      compare(document, configSchema, compiled.acceptsConfig, change);
    }
  }
  expect(done.size).toBeGreaterThan(200);
});

test('they agree on changes of a process document', () => {
  const schema = wrappedProcessSchema();
  const done = new Set<string>();
  for (const { process } of documents.filter(compiled.acceptsConfig) as { process: unknown }[]) {
    for (const change of changes({ process }, done)) {
      compare({ process }, schema, compiled.acceptsProcess, change);
    }
  }
});

/** Fails when the two do not agree on which properties are known. */
function compareKnown(document: unknown, schema: z.ZodMiniType, knows: Accept, what: string): void {
  const to = new Problems();
  unknownKeys(schema, document, to);
  const expected = to.list.length === 0;
  if (knows(document) !== expected) throw new Error(`${what}: the schema says ${expected}`);
}

test('they know the same properties, wherever one more is', () => {
  const schema = wrappedProcessSchema();
  const done = new Set<string>();
  for (const document of documents.filter(compiled.acceptsConfig)) {
    compareKnown(document, configSchema, compiled.knowsConfig, 'as it is');
    const { process } = document as { process?: unknown };
    for (const [holder, key, path] of [...places(document, '')]) {
      const value = holder[key];
      if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
      if (done.has(path)) continue;
      done.add(path);
      Object.assign(value, { notInTheSpecification: 1 });
      compareKnown(document, configSchema, compiled.knowsConfig, path);
      if (process) compareKnown({ process }, schema, compiled.knowsProcess, path);
      Reflect.deleteProperty(value, 'notInTheSpecification');
    }
  }
  expect(done.size).toBeGreaterThan(40);
});
