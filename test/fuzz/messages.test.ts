// Messages from elsewhere: of systemd over D-Bus, of init, and what was written down before.

import { expect } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeMessage,
  encodeCall,
  FIXED_BYTES,
  lengthOf,
} from '../../src/cgroup/systemd/message.js';
import { unmarshal } from '../../src/cgroup/systemd/reader.js';
import { type DBusValue, typesOf } from '../../src/cgroup/systemd/signature.js';
import { marshal } from '../../src/cgroup/systemd/writer.js';
import { type ContainerRecord, parseRecord, writeRecord } from '../../src/container/record.js';
import { decodeMessage as decodeInit } from '../../src/launch/messages.js';
import { parseGVariant } from '../../src/plan/systemd/gvariant.js';
import { holds, orError, textOf } from './holds.js';
import { scalars } from './mutants.js';

interface Typed {
  readonly signature: string;
  readonly value: DBusValue;
}

const basic: fc.Arbitrary<Typed> = fc.oneof(
  ...(
    [
      ['y', fc.integer({ min: 0, max: 255 })],
      ['n', fc.integer({ min: -32768, max: 32767 })],
      ['q', fc.integer({ min: 0, max: 65535 })],
      ['i', fc.integer()],
      ['u', fc.nat(2 ** 32 - 1)],
      ['b', fc.boolean()],
      ['x', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
      ['t', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
      ['d', fc.double({ noNaN: true })],
      ['s', fc.string()],
      ['o', fc.constantFrom('/', '/a/b')],
      ['g', fc.constantFrom('', 'a{sv}')],
    ] as const
  ).map(([signature, values]) =>
    (values as fc.Arbitrary<DBusValue>).map((value) => ({ signature, value })),
  ),
);

const typed = fc.letrec<{ any: Typed }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    basic,
    tie('any').map((inner): Typed => ({ signature: 'v', value: inner as unknown as DBusValue })),
    fc.tuple(tie('any'), fc.nat(3)).map(
      ([{ signature, value }, count]): Typed => ({
        ...{ signature: `a${signature}`, value: Array.from({ length: count }, () => value) },
      }),
    ),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((parts): Typed => {
      const signature = `(${parts.map((part) => part.signature).join('')})`;
      return { signature, value: parts.map(({ value }) => value) };
    }),
  ),
})).any;

holds('a value is the same when it has crossed D-Bus', typed, ({ signature, value }) => {
  expect(typesOf(signature)).toEqual([signature]);
  expect(unmarshal(signature, marshal(signature, [value]), true)).toEqual([value]);
});

const bytes = fc.uint8Array({ maxLength: 64 });
const signatures = textOf('a', '(', ')', '{', '}', 'v', 's', 'g', 'y', 't', 'as', 'a(ss)', '()');

holds(
  'bytes that are no values are told so',
  fc.tuple(signatures, bytes, fc.boolean()),
  ([signature, data, little]) => {
    orError(() => unmarshal(signature, data, little), RangeError);
  },
  2000,
);

const calls = fc.record({ path: fc.constant('/a'), interface: fc.string(), member: fc.string() });
const disturbances = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 });

holds(
  'a message that was disturbed is read or told to be none',
  fc.tuple(calls, typed, disturbances),
  ([call, { signature, value }, changes]) => {
    const message = encodeCall({ ...call, signature, body: [value] }, 1);
    expect(lengthOf(message)).toBe(message.length);
    expect(decodeMessage(message)).toMatchObject({ member: call.member, body: [value] });
    for (const [at, byte] of changes) message[at % message.length] = byte;
    const length = orError(() => lengthOf(message), RangeError);
    if (typeof length === 'number') expect(length).toBeGreaterThanOrEqual(FIXED_BYTES);
    orError(() => decodeMessage(message), RangeError);
  },
);

const gvariants = textOf(
  ...['true', 'uint64', ' ', '5', '-', '1e999', '0x1f', "'a'", '"', '[', ']', '(', ')', ',', "'"],
  ...[
    '@as',
    '@a',
    '@(',
    '@a(ss)',
    'constructor',
    'byte',
    'double',
    '.',
    '\\',
    '@av',
    '@constructor',
  ],
);

holds(
  'what is read as GVariant can be sent',
  gvariants,
  (text) => {
    const read = parseGVariant(text);
    if (typeof read === 'string') return;
    expect(read.signature).toMatch(/^[a(]*[ybnqiuxtdsog][ybnqiuxtdsoga()]*$|^a*[(v]/);
    expect(typesOf(read.signature)).toEqual([read.signature]);
    const sent = marshal(read.signature, [read.value as DBusValue]);
    const seen = unmarshal(read.signature, sent, true);
    expect(loose(seen)).toEqual(loose([read.value as DBusValue]));
  },
  2000,
);

/** Numbers that are exact are no bigints. */
function loose(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(loose);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : value;
}

holds(
  'a report of init is read or told to be none',
  fc.tuple(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7), bytes, fc.nat(80)),
  ([kind, rest, length]) => {
    const message = new Uint8Array(4 + rest.length);
    message[0] = kind;
    message.set(rest, 4);
    orError(() => decodeInit(message.subarray(0, length)), Error);
  },
);

const record: ContainerRecord = {
  ...{ ociVersion: '1.3.0', id: 'a', bundle: '/b', rootfs: '/b/r', created: '', owner: 'root' },
  ...{ namespaces: 5, creator: { pid: 7, startTime: 8 }, cgroup: '/sys/fs/cgroup/a' },
  ...{ annotations: { a: 'b' }, cgroupParents: '/sys/fs/cgroup', resctrl: ['/sys/fs/resctrl/a'] },
  ...{ unit: { unit: 'a.scope', manager: 'system', uid: 0 }, noNewKeyring: true },
  ...{ hooks: { poststart: [], poststop: [] }, listener: { path: '/l', message: ['a', 'b'] } },
};

/** Where a record is read, this is taken for granted. */
function isUsable(value: NonNullable<ReturnType<typeof parseRecord>>): boolean {
  const { cgroup = '', cgroupParents = '', resctrl = [], unit, hooks, listener } = value;
  const texts = [cgroup, cgroupParents, ...resctrl, unit?.unit ?? '', listener?.path ?? ''];
  texts.push(...Object.values(value.annotations ?? {}), ...(listener?.message ?? []));
  for (const hook of [...(hooks?.poststart ?? []), ...(hooks?.poststop ?? [])]) {
    texts.push(hook.path, hook.directory, ...hook.arguments, ...hook.environment, ...hook.state);
  }
  return texts.every((text) => typeof text === 'string') && Number.isInteger(value.namespaces);
}

holds(
  'a record is read back as it was written, or not at all',
  fc.tuple(fc.constantFrom(...Object.keys(record)), scalars, fc.nat(500)),
  ([key, value, length]) => {
    expect(parseRecord(writeRecord(record))).toEqual(record);
    const whole = { ...record, creator: '7 8', [key]: value };
    const text = JSON.stringify(whole, (_, v) => (typeof v === 'bigint' ? Number(v) : v));
    for (const one of [text, text.slice(0, length)]) {
      const read = parseRecord(one);
      if (read !== null) expect([one, isUsable(read)]).toEqual([one, true]);
    }
  },
);
