// The quick parse against yargs-parser, which would cost a third of a whole `run`.

import { describe, expect, test } from '@jest/globals';
import parser from 'yargs-parser';
import { globalFlags, helpFlags } from '../../src/cli/flags/global.js';
import { parse } from '../../src/cli/parse.js';
import type { Flag, Flags } from '../../src/cli/verb.js';
import { loadVerbs } from '../../src/cli/verbs.js';

/** A random number generator with a seed (mulberry32), so that a failure can be repeated. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function pick<T>(random: (below: number) => number, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

function valueFor(random: (below: number) => number, flag: Exclude<Flag, { type: 'switch' }>) {
  if (flag.type === 'number')
    return String(flag.min + random(Math.min(flag.max - flag.min + 1, 1000)));
  return flag.choices ? pick(random, flag.choices) : pick(random, ['a', 'a/b', 'A=1', '0', 'true']);
}

function someWords(random: (below: number) => number, flags: Flags): string[] {
  const [name, flag] = pick(random, Object.entries(flags));
  if (random(5) === 0) return [pick(random, ['one', 'two', '3'])];
  const short = flag.alias !== undefined && random(2) === 0;
  const word = short ? `-${flag.alias}` : `--${name}`;
  if (flag.type === 'switch') return [word];
  const value = valueFor(random, flag);
  const inline = random(2) === 0;
  if (!inline) return [word, value];
  return [short && !value.startsWith('=') ? `${word}=${value}` : `--${name}=${value}`];
}

/** What yargs-parser makes of it, in our form. */
function byYargs(flags: Flags, words: string[], stopEarly: boolean) {
  const entries = Object.entries(flags);
  const named = (wanted: (flag: Flag) => boolean) =>
    entries.filter(([, flag]) => wanted(flag)).map(([name]) => name);
  const { _: args, ...values } = parser(words, {
    alias: Object.fromEntries(entries.map(([name, { alias }]) => [name, alias ?? []])),
    boolean: named(({ type }) => type === 'switch'),
    string: named(({ type }) => type !== 'switch' && type !== 'number'),
    number: named(({ type }) => type === 'number'),
    array: named((flag) => flag.type !== 'switch' && flag.repeat === true),
    default: Object.fromEntries(
      entries.map(([name, flag]) => [
        name,
        flag.type === 'switch' ? false : flag.repeat ? [] : flag.default,
      ]),
    ),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'greedy-arrays': false,
      'halt-at-non-option': stopEarly,
      'parse-positional-numbers': false,
      'strip-aliased': true,
    },
  });
  return { values: lastOnes(flags, values), args: args.map(String) };
}

/** yargs-parser lists the values of a flag given twice; ours, as Go's, keeps the last. */
function lastOnes(flags: Flags, values: Record<string, unknown>) {
  const entries = Object.entries(flags).map(([name, flag]) => {
    const value = values[name];
    const repeat = flag.type !== 'switch' && flag.repeat;
    return [name, Array.isArray(value) && !repeat ? value.at(-1) : value];
  });
  return Object.fromEntries(entries);
}

describe('the quick parse says what yargs-parser says', () => {
  const program = { name: 'sampan', flags: globalFlags as Flags, passesOn: true as const };
  test('of 4000 command lines made from the tables', async () => {
    const tables = [program, ...(await loadVerbs())];
    for (let seed = 0; seed < 4000; seed++) {
      const random = generator(seed);
      const verb = pick(random, tables);
      const flags = { ...verb.flags, ...helpFlags };
      const words = Array.from({ length: random(6) }, () => someWords(random, flags)).flat();
      const parsed = parse(flags, words, verb.passesOn ?? false);
      const where = `seed ${seed}: ${verb.name} ${words.join(' ')}`;
      if (!parsed.ok) throw new Error(`${where}: ${parsed.problem.flag} ${parsed.problem.cause}`);
      const expected = byYargs(flags, words, verb.passesOn ?? false);
      expect({ where, values: parsed.flags, args: parsed.args }).toEqual({ where, ...expected });
    }
  });
});
