// Configurations after some changes, such as a careless or hostile writer makes.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { defaultSpec } from '../../src/spec/default-spec.js';
import { wideJson } from '../../src/wide-json.js';
import { fixtures, goodConfigs, namesIn } from '../plan/cases.js';

/** Documents to begin with: the default ones and all fixtures that are right. */
export function beginnings(): unknown[] {
  const paths = [
    ...goodConfigs().map((name) => `good/${name}`),
    ...namesIn('config/plan').map((name) => `plan/${name}`),
  ];
  const own = [true, false].flatMap((cgroup2) => [
    defaultSpec({ cgroup2 }),
    defaultSpec({ cgroup2, rootless: { uid: 1000, gid: 1000 } }),
  ]);
  const given = paths.map((path) => readFileSync(`${fixtures}config/${path}.json`, 'utf8'));
  return [...own, ...given.map((text) => JSON.parse(text))];
}

/** Single values with a meaning somewhere. */
export const scalars: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -1, 1, 1.5, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1e300, -1e300],
    ...[2 ** 63, -(2 ** 63), 2n ** 63n - 1n, 2 ** 64, 2n ** 64n - 1n, 2n ** 64n, 65536, 4095],
    ...['', '/', '.', '..', '/..', '//', 'a', 'A=B', '=', '\0', 'a\0b', 'ü', '\ud800', '🚣', '\n'],
    ...['/proc', '/dev', '/sys', '/proc/self/fd/3', '../../etc', 'x'.repeat(5000), '__proto__'],
    ...['user', 'mount', 'pid', 'bind', 'rbind', 'tmpfs', 'proc', 'cgroup', 'devpts', 'ro'],
    ...[
      'idmap=uids=0-1-1;gids=0-1-1',
      'size=1',
      'a,b="c,d"',
      'tmpcopyup',
      'remount',
      'copy-symlink',
    ],
    ...['0-3,7', '0-8191', '1-0', ',', 'system.slice:a:b', ':::', 'a.slice', '%d', 'eth%d%d'],
    ...['CAP_SYS_ADMIN', 'RLIMIT_NOFILE', 'SCMP_ACT_ERRNO', 'SCMP_ACT_NOTIFY', 'constructor'],
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const values = fc.oneof(
  { arbitrary: scalars, weight: 4 },
  fc.constantFrom<unknown>(
    ...[[], {}, [[]], [null], [{}], { '': '' }, [1, 'a', {}], { type: 'c' }, { a: 'b' }],
  ),
);

const ACTIONS = ['replace', 'remove', 'graft', 'double', 'add'] as const;

interface Change {
  readonly action: (typeof ACTIONS)[number];
  /** Which of the objects and lists, and which of its keys; larger ones begin anew. */
  readonly holder: number;
  readonly key: number;
  readonly value: unknown;
}

const documents = beginnings();
const allNames = [
  ...new Set(documents.flatMap(holders).flatMap((holder) => Object.keys(holder))),
  ...['__proto__', 'constructor', 'toString', '', '\0'],
];

type Holder = Record<string | number, unknown>;

/** Every object and list in a value. */
function holders(value: unknown): Holder[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Holder, ...Object.values(value).flatMap(holders)];
}

const pick = <T>(items: readonly T[], index: number): T => items[index % items.length] as T;

function change(root: unknown, { action, holder: which, key: number, value }: Change): void {
  const all = holders(root);
  if (all.length === 0) return;
  const holder = pick(all, which);
  const own = Object.keys(holder);
  const key = own.length > 0 && action !== 'add' ? pick(own, number) : pick(allNames, number);
  if (action === 'remove') {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
  } else if (action === 'double' && Array.isArray(holder)) {
    // Not without end.
    if (holder.length < 100) holder.push(...structuredClone(holder));
  } else if (action === 'add' && Array.isArray(holder)) {
    holder.push(value);
  } else {
    // A copy: a document is a tree.
    const what = action === 'graft' ? structuredClone(pick(all, number)) : value;
    Object.defineProperty(holder, key, {
      ...{ value: what, enumerable: true, configurable: true, writable: true },
    });
  }
}

const changes = fc.array(
  fc.record({
    ...{ action: fc.constantFrom(...ACTIONS), holder: fc.nat(), key: fc.nat(), value: values },
  }),
  { maxLength: 8 },
);

/** The text of a document after some changes. */
export const mutants: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...documents), changes)
  .map(([document, list]) => {
    const copy: unknown = structuredClone(document);
    for (const one of list) change(copy, structuredClone(one));
    return wideJson(copy);
  });
