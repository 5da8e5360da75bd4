// Whatever config.json holds, checking and planning it gives an answer and never throws.

import { expect, test } from '@jest/globals';
import { compile } from '../../src/plan/compile.js';
import { compileExec } from '../../src/plan/exec.js';
import { explainPlan } from '../../src/plan/explain.js';
import { encodeSteps } from '../../src/plan/wire.js';
import { defaultSpec } from '../../src/spec/default-spec.js';
import { checkConfig, checkProcess } from '../../src/spec/validate.js';
import { fixtureConfig, goodConfigs, hostFacts, namesIn, plainOptions } from './cases.js';

/** Fixed unless SAMPAN_SEED is set; a failure names it. */
const seed = Number(process.env['SAMPAN_SEED'] ?? 20261120);
const ROUNDS = 4000;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const next = random(seed);
const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;

/** Values that a careless or hostile writer may put anywhere. */
const values: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53, 1e300, -1e300],
  ...['', '/', '.', '..', '/..', '//', 'a', 'A=B', '=', '\0', 'a\0b', 'ü', '\ud800', '🚣', '\n'],
  ...['/proc', '/dev', '/sys', '/proc/self/fd/3', '../../etc', 'x'.repeat(5000), '__proto__'],
  ...['user', 'mount', 'pid', 'bind', 'rbind', 'tmpfs', 'proc', 'cgroup', 'devpts', 'ro', 'size=1'],
  ...['CAP_SYS_ADMIN', 'RLIMIT_NOFILE', 'SCMP_ACT_ERRNO', 'SCMP_ACT_NOTIFY', 'constructor'],
  ...[[], {}, [[]], [null], [{}], { '': '' }, { __proto__: null }, [1, 'a', {}], { type: 'c' }],
];

/** One of them, not shared with another place. */
const value = () => structuredClone(pick(values));

type Holder = Record<string | number, unknown>;

/** Every object and list in a value. */
function holders(value: unknown): Holder[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Holder, ...Object.values(value).flatMap(holders)];
}

/** Changes one thing somewhere: removes, replaces, doubles, moves or adds a value. */
function mutate(root: unknown, names: readonly string[]): void {
  const all = holders(root);
  const holder = pick(all);
  const key = pick(Object.keys(holder).concat(pick(names)));
  switch (pick(['replace', 'remove', 'graft', 'double', 'add'])) {
    case 'remove':
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 'graft':
      // A copy: a document is a tree.
      holder[key] = structuredClone(pick(all));
      return;
    case 'double':
      if (Array.isArray(holder)) holder.push(...structuredClone(holder));
      else holder[`${key}${key}`] = holder[key];
      return;
    case 'add':
      if (Array.isArray(holder)) holder.push(value());
      else holder[pick(names)] = value();
      return;
    default:
      holder[key] = value();
  }
}

/** Documents to begin with: the default ones and all fixtures that are right. */
function beginnings(): unknown[] {
  const good = goodConfigs().map((name) => fixtureConfig(`good/${name}`));
  const plans = namesIn('config/plan').map((name) => fixtureConfig(`plan/${name}`));
  const own = [true, false].flatMap((cgroup2) => [
    defaultSpec({ cgroup2 }),
    defaultSpec({ cgroup2, rootless: { uid: 1000, gid: 1000 } }),
  ]);
  // Numbers of 64 bits have no place in JSON.stringify.
  const plain = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? Number(v) : v)));
  return [...own, ...own, ...own, ...good, ...plans].map(plain);
}

/** A document after one to eight changes. */
function mutant(starts: readonly unknown[], names: readonly string[]): unknown {
  const document = structuredClone(pick(starts));
  const changes = 1 + Math.floor(next() * 8);
  for (let i = 0; i < changes; i++) mutate(document, names);
  return document;
}

/** Now and then with a property that is none, or one that every object inherits. */
function renamed(text: string): string {
  if (next() < 0.8) return text;
  const name = pick(['__proto__', 'constructor', 'toString', '', '\\u0000', 'linux', 'process']);
  let count = Math.floor(next() * 60);
  return text.replace(/"\w+":/g, (found) => (count-- === 0 ? `"${name}":` : found));
}

/** All that is done with a configuration before anything is made; whether there was a plan. */
function judge(text: string, host: string): boolean {
  const checked = checkConfig(text);
  checkProcess(JSON.stringify(JSON.parse(text).process ?? null));
  if (!checked.ok) {
    expect(checked.problems.length).toBeGreaterThan(0);
    return false;
  }
  const facts = hostFacts(host);
  const compiled = compile(checked.config, facts, {
    ...plainOptions,
    operation: pick(['create', 'run']),
    noPivot: next() < 0.1,
    cgroupManager: pick(['cgroupfs', 'systemd', 'disabled']),
  });
  if (checked.config.process !== undefined) {
    const state = { ociVersion: '1.3.0', id: 'x', status: 'running', bundle: '/b' } as const;
    const options = { state, intoCgroup: true, preserveFds: 0, listenFds: 0 };
    compileExec(checked.config, checked.config.process, facts, options);
  }
  if (!compiled.ok) {
    expect(compiled.failure.cause).not.toBe('');
    return false;
  }
  explainPlan(compiled.plan);
  encodeSteps(compiled.plan.steps, { seccomp: { filter: new Uint8Array(8), flags: 0 } });
  return true;
}

test(`${ROUNDS} mutated configurations (seed ${seed}) never make the check or the compiler throw`, () => {
  const starts = beginnings();
  const names = [...new Set(starts.flatMap(holders).flatMap((holder) => Object.keys(holder)))];
  let planned = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const document = mutant(starts, names);
    const text = renamed(JSON.stringify(document));
    try {
      if (judge(text, pick(['root', 'user', 'nested']))) planned += 1;
    } catch (error) {
      throw new Error(`round ${round} of seed ${seed}: ${text}`, { cause: error });
    }
  }
  // Else the mutations are so wild that nothing but the schema is tried.
  expect(planned).toBeGreaterThan(ROUNDS / 20);
});

test(`texts that were cut, spliced or disturbed (seed ${seed}) never make the check throw`, () => {
  const starts = beginnings().map((start) => JSON.stringify(start));
  for (let round = 0; round < ROUNDS; round++) {
    const text = pick(starts);
    const at = Math.floor(next() * text.length);
    const to = at + Math.floor(next() * 20);
    const inserted = pick([
      '',
      '"',
      '{',
      '[',
      ',',
      ':',
      '\\',
      '\\u',
      '1e999',
      '-',
      '\0',
      '\ufeff',
      '//',
    ]);
    checkConfig(`${text.slice(0, at)}${inserted}${text.slice(to)}`);
    checkConfig(text.slice(0, at));
  }
});
