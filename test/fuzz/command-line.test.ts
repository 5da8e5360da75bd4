// What is read from a command line: nothing is accepted that the grammar has not.

import { expect } from '@jest/globals';
import fc from 'fast-check';
import { parseDuration } from '../../src/cli/duration.js';
import { MAX_ID, parseBytes, parseNumber, parseUser } from '../../src/cli/number.js';
import { parse } from '../../src/cli/parse.js';
import { parseSignal } from '../../src/cli/signal.js';
import type { Flag, Flags } from '../../src/cli/verb.js';
import { checkId, isId } from '../../src/container/id.js';
import { Failed } from '../../src/failure.js';
import { parseNumberList } from '../../src/spec/number-list.js';
import { holds, orError, textOf } from './holds.js';

const DIGITS = ['0', '1', '9', '42', '4294967294', '4294967295', '9007199254740992', '00'];
const numbers = textOf(...DIGITS, '-', '+', ' ', '.', 'e3', '0x', 'k', 'M', 'b', '\n', '٣');

holds(
  'a number is decimal digits between the bounds',
  fc.tuple(numbers, fc.integer(), fc.maxSafeInteger()),
  ([text, min, max]) => {
    const exact = /^-?[0-9]{1,16}$/.test(text) ? BigInt(text) : undefined;
    const right = exact !== undefined && exact >= BigInt(min) && exact <= BigInt(max);
    const read = parseNumber(text, min, max);
    expect(read === undefined ? undefined : BigInt(read)).toBe(right ? exact : undefined);
  },
);

holds('an amount of bytes is a number with a unit', numbers, (text) => {
  const found = /^([0-9]{1,16})([kmgt]?)b?$/i.exec(text);
  const power = 'kmgt'.indexOf((found?.[2] ?? '').toLowerCase() || 'x') + 1;
  const bytes = found ? BigInt(found[1] ?? '') * 1024n ** BigInt(power) : undefined;
  const fits = bytes !== undefined && bytes <= BigInt(Number.MAX_SAFE_INTEGER);
  const read = parseBytes(text);
  if (/^-1b?$/i.test(text)) expect(read).toBe(-1);
  else expect(read === undefined ? undefined : BigInt(read)).toBe(fits ? bytes : undefined);
});

const users = textOf(...DIGITS, ':', ':', 'root', '-', ' ');

holds('a user is one id, or two', users, (text) => {
  const read = orError(() => parseUser(text), Failed);
  const parts = text.split(':');
  const isRight = (part: string) => /^[0-9]{1,16}$/.test(part) && Number(part) <= MAX_ID;
  // "-0" is a number as well.
  const right = parts.length <= 2 && parts.every((part) => isRight(part.replace(/^-(?=0+$)/, '')));
  expect(!(read instanceof Failed)).toBe(right);
  if (!(read instanceof Failed)) {
    expect([read.uid, read.gid]).toEqual([
      Math.abs(Number(parts[0])),
      parts[1] && Math.abs(Number(parts[1])),
    ]);
  }
});

const signals = textOf('SIG', 'sig', 'RTMIN', 'rtmax', '+', '-', 'KILL', 'term', 'CLD', ...DIGITS);

holds('a signal is one that the kernel has', signals, (text) => {
  const read = orError(() => parseSignal(text), Failed);
  if (!(read instanceof Failed))
    expect(read >= 0 && read <= 64 && Number.isInteger(read)).toBe(true);
});

holds(
  'a duration is some milliseconds',
  textOf(...DIGITS, 'ms', 's', 'm', 'h', '.', '-'),
  (text) => {
    const read = parseDuration(text);
    if (read === undefined) return;
    expect(text).toMatch(/^(\d+|(\d+(\.\d+)?(ms|s|m|h))+)$/);
    expect(read >= 1 && Number.isInteger(read)).toBe(true);
  },
);

holds(
  'an id is a file name',
  textOf('a', 'B', '0', '_', '+', '-', '.', '/', '\n', '\0'),
  (text) => {
    const right = !(orError(() => checkId(text), Failed) instanceof Failed);
    expect(isId(text)).toBe(right);
    expect(right).toBe(/^[A-Za-z0-9_+-][A-Za-z0-9_+.-]{0,254}$/.test(text));
  },
);

const lists = textOf('0', '1', '7', '12', '8191', '8192', '99999999999', '-', ',', ' ', '\t');

holds('a list of CPUs is what it says, whatever it says', lists, (text) => {
  const read = parseNumberList(text, 8191);
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
  const ranges = items.map((item) => /^([0-9]+)(?:-([0-9]+))?$/.exec(item));
  const bounds = ranges.map((found) => [Number(found?.[1]), Number(found?.[2] ?? found?.[1])]);
  const right = bounds.every(([a = NaN, b = NaN]) => a <= b && b <= 8191);
  expect(typeof read).toBe(right ? 'object' : 'string');
  if (typeof read === 'string') return;
  const all = bounds.flatMap(([a = 0, b = 0]) =>
    Array.from({ length: b - a + 1 }, (_, offset) => a + offset),
  );
  expect(read).toEqual([...new Set(all)].sort((a, b) => a - b));
});

const table = {
  tty: { type: 'switch', alias: 't', description: '' },
  word: { type: 'switch', anyWord: true, alias: 'w', description: '' },
  env: { type: 'text', alias: 'e', value: '', repeat: true, description: '' },
  log: { type: 'text', value: '', choices: ['json', 'text'], default: 'text', description: '' },
  fds: { type: 'number', alias: 'n', value: '', min: 0, max: 9, default: 0, description: '' },
} as const satisfies Flags;

const words = fc.array(
  textOf('-', '--', '=', 'tty', 'word', 'env', 'log', 'fds', 't', 'w', 'e', 'n', '5', 'json', 'x'),
  { maxLength: 5 },
);

holds('flags have values of their kind', fc.tuple(words, fc.boolean()), ([line, stopEarly]) => {
  const parsed = parse(table, line, stopEarly);
  if (!parsed.ok) return expect(parsed.problem.cause).not.toBe('');
  for (const word of parsed.args) expect(line).toContain(word);
  for (const [name, value] of Object.entries(parsed.flags)) {
    const flag: Flag = table[name as keyof typeof table];
    for (const one of Array.isArray(value) ? value : [value]) expect(fits(flag, one)).toBe(true);
  }
});

function fits(flag: Flag, value: unknown): boolean {
  if (flag.type === 'switch') return typeof value === 'boolean';
  if (flag.type === 'number') return Number(value) >= flag.min && Number(value) <= flag.max;
  return typeof value === 'string' && (flag.choices?.includes(value) ?? true);
}
