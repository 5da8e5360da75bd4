// Both sides of the wire format agree: what TypeScript encodes, C++ reads.

import { describe, expect, test } from '@jest/globals';
import { addon } from '../../src/native/load.js';
import type { AttendStep, FieldType, Step } from '../../src/plan/steps.js';
import { attendSteps, initSteps } from '../../src/plan/steps.js';
import { encodeAttend, encodeSteps } from '../../src/plan/wire.js';

const slots = { start: 2, cgroup: 1, container: 0, root: 4, terminal: 3 };
const filter = Uint8Array.from({ length: 64 }, (_, i) => i);

/** A value of each type that a careless reader would get wrong, and what C++ must see. */
const samples: Record<FieldType, { given: unknown; seen: unknown }> = {
  u32: { given: 0xfffffffe, seen: 0xfffffffe },
  u64: { given: 2 ** 52 + 1, seen: BigInt(2 ** 52 + 1) },
  i64: { given: -5, seen: -5n },
  flag: { given: true, seen: true },
  str: { given: 'ein Kähn 三板', seen: 'ein Kähn 三板' },
  bytes: { given: filter, seen: Buffer.from(filter) },
  strs: { given: ['a', '', 'ü=1'], seen: ['a', '', 'ü=1'] },
  u32s: { given: [0, 1, 0xffffffff], seen: [0, 1, 0xffffffff] },
  fd: { given: 'cgroup', seen: 1 },
};

function sample(fields: Readonly<Record<string, FieldType>>, side: 'given' | 'seen') {
  return Object.fromEntries(Object.entries(fields).map(([n, type]) => [n, samples[type][side]]));
}

describe('every step of init crosses unchanged', () => {
  const plain = Object.entries(initSteps).filter(
    ([name]) => name !== 'load-seccomp' && name !== 'await-runtime',
  );
  test.each(plain)('%s', (name, shape) => {
    const step = { step: name, ...sample(shape.fields, 'given') } as unknown as Step;
    const { bytes, origin } = encodeSteps([step], slots);
    expect(origin).toEqual([0]);
    expect(addon().decodePlan(bytes)).toEqual([{ step: name, ...sample(shape.fields, 'seen') }]);
  });

  test('load-seccomp carries the filter of its slot', () => {
    const { bytes } = encodeSteps([{ step: 'load-seccomp', filter: 'seccomp' }], {
      seccomp: { flags: 4, filter },
    });
    expect(addon().decodePlan(bytes)).toEqual([
      { step: 'load-seccomp', flags: 4, filter: Buffer.from(filter) },
    ]);
  });
});

describe('every step of the foreground helper crosses unchanged', () => {
  test.each(Object.entries(attendSteps))('%s', (name, shape) => {
    const fields = sample(shape.fields, 'given');
    if ('master' in fields) fields['master'] = 'terminal';
    const step = { step: name, ...fields } as unknown as AttendStep;
    const seen = sample(shape.fields, 'seen');
    if ('master' in seen) seen['master'] = 3;
    expect(addon().decodePlan(encodeAttend([step], slots))).toEqual([{ step: name, ...seen }]);
  });
});

test('runtime steps before the first init step stay out, those after it become a wait', () => {
  const steps: Step[] = [
    { step: 'clone', flags: 0, intoCgroup: false },
    { step: 'unshare', flags: 1 },
    { step: 'save-state' },
    { step: 'new-session' },
  ];
  const { bytes, origin } = encodeSteps(steps, {});
  expect(origin).toEqual([1, 2, 3]);
  expect(
    addon()
      .decodePlan(bytes)
      ?.map((step) => step['step']),
  ).toEqual(['unshare', 'await-runtime', 'new-session']);
});

test('the largest limit saturates instead of wrapping', () => {
  const step = { step: 'set-rlimit', resource: 7, soft: 1024, hard: 2 ** 64 } as const;
  const { bytes } = encodeSteps([step], {});
  expect(addon().decodePlan(bytes)?.[0]?.['hard']).toBe(0xffff_ffff_ffff_ffffn);
});

test.each([
  [2 ** 63, 2n ** 63n - 1n],
  [-(2 ** 63), -(2n ** 63n)],
])('the offset %d crosses as the end of what there is', (monotonicSecs, seen) => {
  const others = { monotonicNanosecs: 0, boottimeSecs: 0, boottimeNanosecs: 0 };
  const { bytes } = encodeSteps([{ step: 'set-time-offsets', monotonicSecs, ...others }], {});
  expect(addon().decodePlan(bytes)?.[0]?.['monotonicSecs']).toBe(seen);
});

test('a plan larger than the first buffer crosses whole', () => {
  const environment = Array.from({ length: 5000 }, (_, i) => `NAME_${i}=${'x'.repeat(20)}`);
  const step = {
    step: 'execute',
    arguments: ['a'],
    environment,
    preserve: 0,
    listenFds: 0,
  } as const;
  const { bytes } = encodeSteps([step], {});
  expect(addon().decodePlan(bytes)?.[0]?.['environment']).toEqual(environment);
});

test('a NUL byte cannot be smuggled into a string', () => {
  const step = { step: 'set-hostname', name: 'a\0b' } as const;
  expect(() => encodeSteps([step], {})).toThrow('NUL');
});

test.each([
  ['half of a pair: \ud83d', 'half of a pair: \ufffd'],
  ['\udc00\ud83d\ude00', '\ufffd\ud83d\ude00'],
  ['x'.repeat(255), 'x'.repeat(255)],
  ['ä'.repeat(70_000), 'ä'.repeat(70_000)],
])('the text %# crosses as UTF-8', (name, seen) => {
  const { bytes } = encodeSteps([{ step: 'set-hostname', name }], {});
  expect(addon().decodePlan(bytes)).toEqual([{ step: 'set-hostname', name: seen }]);
});

test.each<[object, string]>([
  [{ step: 'unshare', flags: -1 }, 'flags has no 32 bits'],
  [{ step: 'unshare', flags: 2 ** 32 }, 'flags has no 32 bits'],
  [{ step: 'unshare', flags: '1' }, 'flags has no 32 bits'],
  [{ step: 'unshare' }, 'flags has no 32 bits'],
  [{ step: 'set-rlimit', resource: 7, soft: 0.5, hard: 1 }, 'soft has no 64 bits'],
  [{ step: 'set-hostname', name: 7 }, 'name is no text'],
  [{ step: 'execute', arguments: 'true' }, 'arguments is no list'],
  [{ step: 'execute', arguments: [7] }, 'arguments is no text'],
  [{ step: 'fork', flags: 0, intoCgroup: 1 }, 'intoCgroup is no flag'],
  [{ step: 'load-seccomp', flags: 0, filter: 'x' }, 'filter is no bytes'],
  [{ step: 'set-sail' }, 'a step without a form'],
  [{}, 'a step without a form'],
])('%j is refused: %s', (step, message) => {
  expect(() => addon().encodePlan([step], {})).toThrow(message);
});

test('another version, a cut or a changed plan is refused', () => {
  const { bytes } = encodeSteps([{ step: 'set-hostname', name: 'boat' }], {});
  const changed = Uint8Array.from(bytes);
  changed[4] = 99;
  expect(addon().decodePlan(changed)).toBeNull();
  expect(addon().decodePlan(bytes.subarray(0, bytes.length - 1))).toBeNull();
});
