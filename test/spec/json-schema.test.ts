// The JSON Schemas of `schema` say what the schemas they are made of say, in words for editors.

import { describe, expect, test } from '@jest/globals';
import { configSchema } from '../../src/spec/config/config.js';
import { passes } from '../../src/spec/config/scalar.js';
import { defaultSpec } from '../../src/spec/default-spec.js';
import { DOCUMENT } from '../../src/spec/describe/document.js';
import { FEATURES } from '../../src/spec/describe/features.js';
import { CONFIG_HINTS } from '../../src/spec/describe/hints.js';
import { LINUX } from '../../src/spec/describe/linux.js';
import { PROCESS } from '../../src/spec/describe/process.js';
import { RESOURCES } from '../../src/spec/describe/resources.js';
import { SECCOMP } from '../../src/spec/describe/seccomp.js';
import { STATE } from '../../src/spec/describe/state.js';
import { at, sentences } from '../../src/spec/describe/texts.js';
import { featuresSchema } from '../../src/spec/features.js';
import { jsonSchema } from '../../src/spec/json-schema.js';
import { Problems } from '../../src/spec/problem.js';
import { stateSchema } from '../../src/spec/state.js';
import { fillIn } from '../../src/spec/tolerate.js';
import { checkConfig } from '../../src/spec/validate.js';
import { fixtures, variants } from './fixtures.js';
import { accepts } from './json-schema-check.js';
import { places } from './places.js';

function documents(folder: 'good' | 'bad'): { name: string; text: string; value: unknown }[] {
  return fixtures(folder).flatMap(({ name, text }) => {
    try {
      return [{ name, text, value: JSON.parse(text) }];
    } catch {
      return [];
    }
  });
}

describe('every property is described, with its section of the specification', () => {
  const subjects = [
    ['config', configSchema, sentences(DOCUMENT, PROCESS, LINUX, RESOURCES, SECCOMP)],
    ['state', stateSchema, sentences(STATE)],
    ['features', featuresSchema, sentences(FEATURES)],
  ] as const;

  test.each(subjects)('%s', (_, schema, texts) => {
    const all = [...places(schema)].map(({ pointer }) => pointer);
    expect(all.filter((place) => at(texts, place) === undefined)).toEqual([]);
    const used = new Set(all.map((place) => at(texts, place)));
    expect(Object.values(texts).filter((text) => !used.has(text))).toEqual([]);
  });

  test('no hint is for a property that does not exist', () => {
    const found = new Set(
      [...places(configSchema)].map(({ pointer }) => at(CONFIG_HINTS, pointer)),
    );
    expect(Object.values(CONFIG_HINTS).filter((hint) => !found.has(hint))).toEqual([]);
  });
});

describe('the schema of config.json', () => {
  const schema = jsonSchema('config');
  const valid = (value: unknown) => accepts(schema, value);

  test.each(documents('good'))('accepts $name', ({ value }) => {
    expect(valid(value)).toBe(true);
  });

  // A double does not tell 2^64 from 2^64-1. Engines write null for what is unset; that is read, but it is not what a schema should teach.
  const bad = documents('bad').filter(({ text }) => !text.includes('null') && !/\d{20}/.test(text));
  test.each(bad)('says of $name what the check says', ({ text, value }) => {
    const filled = structuredClone(value);
    fillIn(filled, new Problems());
    if (!passes(configSchema, filled)) expect(valid(value)).toBe(false);
    if (!valid(value)) expect(checkConfig(text)).not.toMatchObject({ ok: true, warnings: [] });
  });

  test('refuses what no type can: names, forms, and ranges that rules know', () => {
    const refused = bad.filter(({ value }) => passes(configSchema, value) && !valid(value));
    expect(refused.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'hooks-path-relative',
        'linux-id-maps-zero-size',
        'linux-resources-rdma-nothing',
        'linux-rootfs-propagation-unknown',
        'process-args-empty',
        'process-rlimits-unknown',
      ]),
    );
  });

  // null is taken as unset, which JSON Schema cannot say.
  const strange = [undefined, true, -1, 'x', [], ['x'], {}];
  const exact = documents('good').filter(({ text }) => !/\d{16}/.test(text));
  test.each(exact)('and the check agree on $name with any one value replaced', (good) => {
    for (const variant of variants(good.value, strange)) {
      const text = JSON.stringify(variant);
      if (text === undefined || text.includes('null')) continue;
      const document = JSON.parse(text);
      const filled = structuredClone(document);
      fillIn(filled, new Problems());
      const right = valid(document);
      if (!passes(configSchema, filled)) expect({ text, right }).toEqual({ text, right: false });
      if (right) continue;
      const checked = checkConfig(text);
      const silent = checked.ok && checked.warnings.length === 0;
      expect({ text, silent }).toEqual({ text, silent: false });
    }
  });

  test('with strict refuses a property that is not known, and takes the default one', () => {
    const closed = jsonSchema('config', { strict: true });
    const strict = (value: unknown) => accepts(closed, value);
    const config = defaultSpec({ cgroup2: true });
    expect(strict(config)).toBe(true);
    expect(strict({ ...config, hostnmae: 'web' })).toBe(false);
    expect(strict({ ...config, $schema: './config.schema.json' })).toBe(true);
    expect(valid({ ...config, hostnmae: 'web' })).toBe(true);
  });

  test('offers the names of capabilities, limits and mount options', () => {
    const text = JSON.stringify(jsonSchema('config', { mountOptions: ['rbind', 'nosuid'] }));
    for (const name of ['CAP_NET_RAW', 'RLIMIT_NOFILE', 'rbind']) expect(text).toContain(name);
  });
});

test('a configuration that names its schema is accepted without a word', () => {
  const config = { $schema: './config.schema.json', ...defaultSpec({ cgroup2: true }) };
  expect(checkConfig(JSON.stringify(config))).toMatchObject({ ok: true, warnings: [] });
});
