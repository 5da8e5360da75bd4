// From argv to values, by the table: what every start of the program goes through.
//
// yargs-parser does the same in 2 to 3 ms more, a third of a whole `run`; a test holds the two
// against each other. Accepted are the forms of Go's flag package (`-name`, `--name=value`,
// `-b=dir`), which go-runc uses, and those of getopt_long(3) (`-bdir`, `-td`), as crun does.

import type { Failure } from '../failure.js';
import { parseNumber } from './number.js';
import type { Flag, Flags, Values } from './verb.js';

/** What was understood, or the first thing that was not. */
export type Parsed<F extends Flags> =
  | { readonly ok: true; readonly flags: Values<F>; readonly args: readonly string[] }
  | { readonly ok: false; readonly problem: Problem };

/** A problem of the command line; `unknown` is the flag that is in no table. */
export interface Problem extends Pick<Failure, 'cause'> {
  readonly flag: string;
  readonly unknown?: true;
}

type Value = string | number | boolean;

interface Reader {
  readonly table: Flags;
  readonly words: readonly string[];
  at: number;
  readonly values: Record<string, Value | Value[] | undefined>;
}

/** Parses `words`; with `stopEarly` flags end at the first argument. */
export function parse<F extends Flags>(
  table: F,
  words: readonly string[],
  stopEarly: boolean,
): Parsed<F> {
  const reader: Reader = { table, words, at: 0, values: defaults(table) };
  const args: string[] = [];
  while (reader.at < words.length) {
    const word = words[reader.at++] as string;
    if (word === '--' || (stopEarly && !isFlag(word))) {
      args.push(...words.slice(word === '--' ? reader.at : reader.at - 1));
      break;
    }
    if (!isFlag(word)) {
      args.push(word);
      continue;
    }
    const problem = readFlag(reader, word);
    if (problem) return { ok: false, problem };
  }
  return { ok: true, flags: reader.values as Values<F>, args };
}

function isFlag(word: string): boolean {
  return word.length > 1 && word.startsWith('-');
}

function defaults(table: Flags): Reader['values'] {
  const values: Reader['values'] = {};
  for (const name in table) {
    const flag = table[name] as Flag;
    if (flag.type === 'switch') values[name] = false;
    else values[name] = flag.repeat ? [] : flag.default;
  }
  return values;
}

function readFlag(reader: Reader, word: string): Problem | undefined {
  const dashes = word.startsWith('--') ? 2 : 1;
  const equals = word.indexOf('=');
  const name = equals < 0 ? word.slice(dashes) : word.slice(dashes, equals);
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  if (Object.hasOwn(reader.table, name)) return take(reader, name, `--${name}`, value);
  return dashes === 1 ? readLetters(reader, word) : unknown(word);
}

/** `-d`, `-td`, `-b DIR`, `-bDIR`, `-b=DIR`. */
function readLetters(reader: Reader, word: string): Problem | undefined {
  for (let i = 1; i < word.length; i++) {
    const shown = `-${word.charAt(i)}`;
    const name = byAlias(reader.table, word.charAt(i));
    if (name === undefined) return unknown(i === 1 ? word : shown);
    const rest = word.slice(i + 1);
    if (reader.table[name]?.type !== 'switch' || rest.startsWith('='))
      return take(reader, name, shown, rest === '' ? undefined : rest.replace(/^=/, ''));
    take(reader, name, shown, undefined);
  }
  return undefined;
}

function byAlias(table: Flags, letter: string): string | undefined {
  for (const name in table) if (table[name]?.alias === letter) return name;
  return undefined;
}

function unknown(word: string): Problem {
  return { flag: word.replace(/=.*/s, ''), cause: 'unknown flag', unknown: true };
}

/** Takes a flag's value, which is the next word when there is none after `=`. */
function take(
  reader: Reader,
  name: string,
  shown: string,
  inline: string | undefined,
): Problem | undefined {
  const flag = reader.table[name] as Flag;
  const text = inline ?? (flag.type === 'switch' ? 'true' : reader.words[reader.at++]);
  if (text === undefined) return { flag: shown, cause: 'needs a value' };
  const value = read(flag, text);
  if (value === undefined) return { flag: shown, cause: expected(flag, text) };
  if (flag.type !== 'switch' && flag.repeat) (reader.values[name] as Value[]).push(value);
  else reader.values[name] = value;
  return undefined;
}

function read(flag: Flag, text: string): Value | undefined {
  if (flag.type === 'switch') return switchValue(text) ?? flag.anyWord;
  if (flag.type === 'number') return parseNumber(text, flag.min, flag.max);
  return flag.choices && !flag.choices.includes(text) ? undefined : text;
}

/** The words of Go's strconv.ParseBool. */
function switchValue(text: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  return /^(0|f|F|false|FALSE|False)$/.test(text) ? false : undefined;
}

function expected(flag: Flag, text: string): string {
  const got = `got ${JSON.stringify(text)}`;
  if (flag.type === 'switch') return `expected true or false, ${got}`;
  if (flag.type === 'number')
    return `expected a whole number from ${flag.min} to ${flag.max}, ${got}`;
  return `expected one of ${flag.choices?.join(', ')}, ${got}`;
}
