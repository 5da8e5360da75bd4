// Whatever config.json holds, checking and planning it gives an answer and never throws.

import { beforeAll, expect } from '@jest/globals';
import fc from 'fast-check';
import type * as z from 'zod/mini';
import { acceptsSource } from '../../scripts/accepts-source.js';
import type { DBusValue } from '../../src/cgroup/systemd/signature.js';
import { marshal } from '../../src/cgroup/systemd/writer.js';
import { addon } from '../../src/native/load.js';
import { compile } from '../../src/plan/compile.js';
import { compileExec } from '../../src/plan/exec.js';
import { explainPlan } from '../../src/plan/explain.js';
import { isInitStep } from '../../src/plan/steps.js';
import { encodeSteps } from '../../src/plan/wire.js';
import type { Accepts } from '../../src/spec/accepts.js';
import { configSchema } from '../../src/spec/config/config.js';
import { passes } from '../../src/spec/config/scalar.js';
import { parseJson } from '../../src/spec/parse-json.js';
import { Problems } from '../../src/spec/problem.js';
import { unknownKeys } from '../../src/spec/unknown-keys.js';
import { checkConfig, checkProcess, wrappedProcessSchema } from '../../src/spec/validate.js';
import { hostFacts, plainOptions } from '../plan/cases.js';
import { holds, textOf } from './holds.js';
import { beginnings, mutants, scalars } from './mutants.js';

let compiled: Accepts;

beforeAll(async () => {
  compiled = await import(`data:text/javascript,${encodeURIComponent(acceptsSource())}`);
});

const situations = fc.record({
  host: fc.constantFrom('root', 'user', 'nested'),
  operation: fc.constantFrom('create', 'run'),
  noPivot: fc.boolean(),
  cgroupManager: fc.constantFrom('cgroupfs', 'systemd', 'disabled'),
});

type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never;

/** All that is done with a configuration before anything is made; whether there was a plan. */
function judge(text: string, { host, ...options }: Situation): boolean {
  const checked = checkConfig(text);
  if (!checked.ok) {
    expect(checked.problems.length).toBeGreaterThan(0);
    return false;
  }
  const facts = hostFacts(host);
  const { config } = checked;
  if (config.process !== undefined) {
    const state = { ociVersion: '1.3.0', id: 'x', status: 'running', bundle: '/b' } as const;
    const exec = compileExec(config, config.process, facts, {
      ...{ state, intoCgroup: true, preserveFds: 0, listenFds: 0 },
    });
    if (exec.ok) crosses(exec.plan.steps);
  }
  const made = compile(config, facts, { ...plainOptions, ...options });
  if (!made.ok) {
    expect(made.failure.cause).not.toBe('');
    return false;
  }
  explainPlan(made.plan);
  crosses(made.plan.steps);
  return true;
}

/** What init reads is what was planned, step by step. */
function crosses(steps: Parameters<typeof encodeSteps>[0]): void {
  for (const step of steps) {
    if (step.step !== 'start-scope') continue;
    for (const { signature, value } of step.properties) marshal(signature, [value as DBusValue]);
  }
  const { bytes, origin } = encodeSteps(steps, {
    seccomp: { filter: new Uint8Array(8), flags: 0 },
  });
  const names = origin.map((index) => {
    const step = steps[index];
    return step !== undefined && isInitStep(step) ? step.step : 'await-runtime';
  });
  const seen = addon().decodePlan(bytes);
  expect(seen?.map(({ step }) => step)).toEqual(names);
}

let tried = 0;
let planned = 0;

holds(
  'a changed configuration gets an answer, and its plan reaches init as it is',
  fc.tuple(mutants, situations),
  ([text, situation]) => {
    tried += 1;
    if (judge(text, situation)) planned += 1;
    // Else the changes are so wild that nothing but the schema is tried.
    if (tried === 700) expect(planned).toBeGreaterThan(tried / 20);
  },
  700,
);

holds(
  'the quick verdict on a changed configuration is that of the schemas',
  mutants,
  (text) => {
    const parsed = parseJson(text);
    if (!parsed.ok) throw new Error(`not JSON: ${parsed.cause}`);
    agree(parsed.value, configSchema, compiled.acceptsConfig, compiled.knowsConfig);
    const { process } = Object(parsed.value) as { process?: unknown };
    const document = { process };
    agree(document, wrappedProcessSchema(), compiled.acceptsProcess, compiled.knowsProcess);
    checkProcess(JSON.stringify(process ?? null, (_, v) => (typeof v === 'bigint' ? 1e20 : v)));
  },
  300,
);

type Verdict = (document: unknown) => boolean;

function agree(document: unknown, schema: z.ZodMiniType, accepts: Verdict, knows: Verdict): void {
  const right = passes(schema, document);
  expect(accepts(document)).toBe(right);
  if (!right) return;
  const to = new Problems();
  unknownKeys(schema, document, to);
  expect(knows(document)).toBe(to.list.length === 0);
}

const texts = beginnings().map((document) => JSON.stringify(document));
const splices = fc.record({
  text: fc.constantFrom(...texts),
  at: fc.nat(),
  removed: fc.nat(20),
  inserted: textOf(
    ...['"', '{', '}', '[', ']', ',', ':', '\\', '\\u', '1e999', '-', '\0', '\ufeff', '//'],
    ...['0.12345678901234567', '"value":', '18446744073709551616', '\n', 'null', '\\u0000'],
  ),
});

holds(
  'a disturbed text is JSON for the check when it is for JSON.parse, and is never too much for it',
  splices,
  ({ text, at, removed, inserted }) => {
    const place = at % (text.length + 1);
    const disturbed = text.slice(0, place) + inserted + text.slice(place + removed);
    for (const one of [disturbed, text.slice(0, place)]) {
      checkConfig(one);
      expect([one, parseJson(one).ok]).toEqual([one, isJson(one)]);
    }
  },
);

holds('any small text is JSON for the check when it is for JSON.parse', jsonTexts(), (text) => {
  const parsed = parseJson(text);
  expect(parsed.ok).toBe(isJson(text));
  if (parsed.ok) expect(rounded(parsed.value)).toEqual(JSON.parse(text));
});

function jsonTexts(): fc.Arbitrary<string> {
  const digits = fc.stringMatching(/^-?\d{15,21}$/);
  const number = fc.oneof(digits, fc.tuple(digits, fc.constantFrom('.', 'e', 'e+', '.5e-')));
  return fc
    .array(
      fc.oneof(
        number.map((parts) => [parts, digits].flat().map(String).slice(0, 2).join('')),
        fc.constantFrom('"value":', '"a":', '{', '}', ',', '[', ']', '"\\u0041"', '1.5', '"\\"'),
        fc.constantFrom('0.12345678901234567', '1e1234567890123456', '12345678901234567890'),
      ),
      { maxLength: 7 },
    )
    .map((parts) => parts.join(''))
    .map((text) => `{"value":${text}}`);
}

function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item)]));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const annotations = fc.dictionary(
  fc
    .tuple(fc.constantFrom('TimeoutStopUSec', 'CPUWeight', 'TimeoutSec', 'X'), fc.nat(3))
    .map(([name, number]) => `org.systemd.property.${name}${number || ''}`),
  fc.oneof(gvariantTexts(), scalars.map(String)),
  { maxKeys: 3 },
);

holds('properties of the unit that annotations ask for can be sent', annotations, (given) => {
  const spec = { ...(JSON.parse(texts[0] ?? '') as object), annotations: given };
  judge(JSON.stringify(spec), {
    ...{ host: 'root', operation: 'run', noPivot: false, cgroupManager: 'systemd' },
  });
});

function gvariantTexts(): fc.Arbitrary<string> {
  return textOf(
    ...['true', 'uint64', ' ', '5', '-', '1e999', '0x1f', "'a'", '"', '[', ']', '(', ')', ','],
    ...['@as', '@a', '@(', 'constructor', 'byte', '18446744073709551615', 'double', '.', '\\'],
  );
}
