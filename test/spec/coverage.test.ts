// The fixtures leave no property of the schema and no rule untried.

import { describe, expect, test } from '@jest/globals';
import { configSchema } from '../../src/spec/config/config.js';
import { Problems } from '../../src/spec/problem.js';
import { configRules } from '../../src/spec/rules/index.js';
import { checkConfig } from '../../src/spec/validate.js';
import { expectations, fixtures, isNotYet } from './fixtures.js';
import { isElement, type Place, places } from './places.js';

/** Whether a document has a value at such a place. */
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

const properties = [...places(configSchema)].filter(({ pointer }) => pointer !== '');

/** Nothing can be right about these without a warning: of other platforms, or of the past. */
const WARNED =
  /^.(solaris|windows|vm|zos|freebsd|process.commandLine|process.user.username|linux.intelRdt.enable(CMT|MBM))$/;

describe('every property is in a good document', () => {
  const documents = parsed('good');
  const all = properties.filter((place) => !isElement(place) && !WARNED.test(place.pointer));
  test.each(all.map(({ pointer }) => pointer))('%s', (pointer) => {
    expect(documents.some((document) => has(document, pointer.split('/').slice(1)))).toBe(true);
  });
});

describe('every property is found fault with in a bad document', () => {
  const faults = fixtures('bad').flatMap(({ name }) => expectations(name));
  const found = faults.filter((fault) => !isNotYet(fault)).map(({ pointer }) => pointer);
  // No runtime reads it, so nothing can be wrong with it.
  const all = properties.filter(({ pointer }) => pointer !== '/$schema');
  test.each(all.map((place) => [place.pointer, place] as const))('%s', (_, place) => {
    expect(found.some((pointer) => isAt(pointer, place))).toBe(true);
  });
});

/** At the place; for a list or an object also within it. */
function isAt(pointer: string, { pointer: pattern, single }: Place): boolean {
  const keys = pattern.split('/');
  const found = pointer.split('/');
  if (found.length < keys.length || (single && found.length > keys.length)) return false;
  return keys.every((key, i) => key === '*' || key === found[i]);
}

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

test('limits of the cgroup are accepted', () => {
  const limits = fixtures('good').filter(({ name }) => name.startsWith('linux-resources-'));
  expect(limits.length).toBeGreaterThan(8);
  for (const { text } of limits) expect(checkConfig(text).ok).toBe(true);
});
