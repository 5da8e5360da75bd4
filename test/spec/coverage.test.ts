// The fixtures leave no property of the schema and no rule untried.

import { describe, expect, test } from '@jest/globals';
import type * as z from 'zod/mini';
import { configSchema } from '../../src/spec/config/config.js';
import type { LeafParams } from '../../src/spec/config/scalar.js';
import { Problems } from '../../src/spec/problem.js';
import { configRules } from '../../src/spec/rules/index.js';
import { UNSUPPORTED, unsupported } from '../../src/spec/unsupported.js';
import { checkConfig } from '../../src/spec/validate.js';
import { fixtures } from './fixtures.js';

interface Definition {
  readonly innerType?: z.ZodMiniType;
  readonly element?: z.ZodMiniType;
  readonly valueType?: z.ZodMiniType;
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>;
  readonly params?: LeafParams;
}

/** Every property of a schema as `linux/resources/devices/*`. */
function* properties(schema: z.ZodMiniType, path: string): Generator<string> {
  const def = schema._zod.def as Definition;
  const inner = def.innerType ?? def.params?.nested?.();
  const item = def.element ?? def.valueType;
  if (inner) yield* properties(inner, path);
  else if (item) yield* properties(item, `${path}/*`);
  else if (def.shape) {
    for (const [key, part] of Object.entries(def.shape)) yield* properties(part, `${path}/${key}`);
  } else yield path;
}

/** Whether a document has a value at such a path. */
function has(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (key === '*') return Object.values(value).some((item) => has(item, rest));
  return Object.hasOwn(value, key) && has((value as Record<string, unknown>)[key], rest);
}

function parsed(folder: 'good' | 'bad'): unknown[] {
  return fixtures(folder).flatMap(({ text }) => {
    try {
      return [JSON.parse(text)];
    } catch {
      return [];
    }
  });
}

describe('every property of the schema is in a document', () => {
  const documents = [...parsed('good'), ...parsed('bad')];
  // Windows has these two; they are known only so that they are not called unknown.
  const windows = ['/process/user/username', '/process/commandLine'];
  const all = [...properties(configSchema, '')].filter((path) => !windows.includes(path));
  test.each(all)('%s', (path) => {
    expect(documents.some((document) => has(document, path.split('/').slice(1)))).toBe(true);
  });
});

describe('every rule finds something in a bad document', () => {
  const configs = fixtures('bad')
    .filter(({ name }) => !name.startsWith('syntax'))
    .map(({ text }) => JSON.parse(text));
  test.each(configRules.map((rule) => [rule.reads.join(' '), rule] as const))('%s', (_, rule) => {
    const findings = configs.some((config) => {
      const to = new Problems();
      try {
        rule.check(config, to);
      } catch {
        return false; // The schema refuses this one.
      }
      return to.list.length > 0;
    });
    expect(findings).toBe(true);
  });
});

describe('every property that is not acted on yet is refused', () => {
  const documents = parsed('bad');
  test.each(UNSUPPORTED.map((line) => [line.path.join('/'), line] as const))('%s', (_, line) => {
    const found = documents.filter((document) => has(document, line.path));
    expect(found.length).toBeGreaterThan(0);
    const refused = found.some((document) => {
      const to = new Problems();
      unsupported(document, to);
      return to.list.some((p) => p.pointer.startsWith(`/${line.path[0]}/`));
    });
    expect(refused).toBe(true);
  });

  test('limits of the cgroup are not among them', () => {
    const limits = fixtures('good').filter(({ name }) => name.startsWith('linux-resources-'));
    expect(limits.length).toBeGreaterThan(8);
    for (const { text } of limits) expect(checkConfig(text).ok).toBe(true);
  });
});
