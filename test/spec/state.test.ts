// The state object of runtime.md and the features document hold what the specification demands.

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { featuresSchema } from '../../src/spec/features.js';
import { jsonSchema } from '../../src/spec/json-schema.js';
import { STATUSES, stateSchema } from '../../src/spec/state.js';
import { needs } from '../rig/needs.js';
import { accepts as fits } from './json-schema-check.js';

const state = { ociVersion: '1.3.0', id: 'box', status: 'running', pid: 4422, bundle: '/b' };
const accepts = (schema: z.ZodMiniType, value: unknown) => z.safeParse(schema, value).success;

describe('a state', () => {
  test.each(STATUSES)('may be %s', (status) => {
    expect(accepts(stateSchema, { ...state, status })).toBe(true);
  });

  test('may have annotations and no process', () => {
    const { pid: _, ...stopped } = { ...state, status: 'stopped', annotations: { a: 'b' } };
    expect(accepts(stateSchema, stopped)).toBe(true);
  });

  test.each([
    ['ociVersion', undefined],
    ['id', undefined],
    ['bundle', undefined],
    ['status', 'sleeping'],
    ['pid', -1],
    ['pid', 1.5],
    ['annotations', { a: 1 }],
  ])('whose %s is %j is none', (key, value) => {
    expect(accepts(stateSchema, { ...state, [key]: value })).toBe(false);
  });
});

test('the JSON Schema wants the pid of a container that has a process', () => {
  const { pid: _, ...rest } = state;
  const schema = jsonSchema('state');
  expect(fits(schema, state)).toBe(true);
  expect(fits(schema, rest)).toBe(false);
  expect(fits(schema, { ...rest, status: 'stopped' })).toBe(true);
});

describe('a features document', () => {
  test('needs both versions', () => {
    expect(accepts(featuresSchema, { ociVersionMin: '1.0.0', ociVersionMax: '1.3.0' })).toBe(true);
    expect(accepts(featuresSchema, { ociVersionMin: '1.0.0' })).toBe(false);
  });

  test('says true or false, not yes', () => {
    const versions = { ociVersionMin: '1.0.0', ociVersionMax: '1.3.0' };
    const document = { ...versions, linux: { cgroup: { v2: 'yes' } } };
    expect(accepts(featuresSchema, document)).toBe(false);
  });

  test('may have null for what is not known, but not for a version', () => {
    const versions = { ociVersionMin: '1.0.0', ociVersionMax: '1.3.0' };
    const document = { ...versions, hooks: null, linux: { seccomp: null, cgroup: { v2: null } } };
    for (const [value, right] of [
      [document, true],
      [{ ...document, ociVersionMin: null }, false],
      [{ ...document, hooks: [null] }, false],
    ] as const) {
      expect(accepts(featuresSchema, value)).toBe(right);
      expect(fits(jsonSchema('features'), value)).toBe(right);
    }
  });

  const output = runcFeatures();
  needs(
    'clients',
    output !== undefined,
    'runc is not installed',
  )('is what runc prints', () => {
    expect(accepts(featuresSchema, JSON.parse(output ?? ''))).toBe(true);
  });
});

function runcFeatures(): string | undefined {
  try {
    return execFileSync('runc', ['features'], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}
