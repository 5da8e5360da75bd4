// Values in GVariant's text format (glib's "GVariant Text Format"), as far as properties of units need it.

import type { PropertyValue } from './property.js';

/** A value with its D-Bus type. */
export interface Typed {
  readonly signature: string;
  readonly value: PropertyValue;
}

/** Words before a number or text that tell its type. */
const KEYWORDS: Readonly<Record<string, string>> = {
  boolean: 'b',
  byte: 'y',
  int16: 'n',
  uint16: 'q',
  int32: 'i',
  uint32: 'u',
  int64: 'x',
  uint64: 't',
  double: 'd',
  string: 's',
  objectpath: 'o',
  signature: 'g',
};

const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  y: [0n, 255n],
  n: [-(2n ** 15n), 2n ** 15n - 1n],
  q: [0n, 2n ** 16n - 1n],
  i: [-(2n ** 31n), 2n ** 31n - 1n],
  u: [0n, 2n ** 32n - 1n],
  x: [-(2n ** 63n), 2n ** 63n - 1n],
  t: [0n, 2n ** 64n - 1n],
};

/** Nesting that no property needs. */
const DEEPEST = 16;

/** The value, or what is wrong with it. */
export function parseGVariant(text: string): Typed | string {
  try {
    return new Parser(text).whole();
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

/** Throws SyntaxError. */
class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): Typed {
    const value = this.value(undefined);
    if (this.take(/\s*/y) !== undefined && this.at < this.text.length) this.wrong();
    return value;
  }

  /** `type`: what is known of it by what stands around. */
  private value(type: string | undefined): Typed {
    this.take(/\s*/y);
    const given = this.take(/@[a-z()]+(?=\s)/y)?.slice(1);
    if (given !== undefined) return this.value(given);
    const word = this.take(/[a-z]+\d*/y);
    if (word === 'true' || word === 'false') return as('b', word === 'true', type);
    if (word !== undefined) return this.value(entry(KEYWORDS, word) ?? this.wrong());
    const number = this.take(/[-+]?(?:0x[\da-f]+|[\d.]+(?:e[-+]?\d+)?)/iy);
    if (number !== undefined) return this.number(number, type);
    const quote = this.take(/['"]/y);
    if (quote !== undefined) return this.string(quote, type);
    this.depth += 1;
    if (this.depth > DEEPEST) this.wrong();
    const list = this.take(/\[/y)
      ? this.array(type)
      : this.take(/\(/y)
        ? this.tuple(type)
        : this.wrong();
    this.depth -= 1;
    return list;
  }

  private number(text: string, type: string | undefined): Typed {
    const isInteger = /^[-+]?(?:0x[\da-f]+|\d+)$/i.test(text);
    const signature = type ?? (isInteger ? 'i' : 'd');
    if (signature === 'd' && !Number.isNaN(Number(text))) return { signature, value: Number(text) };
    const [least, most] = entry(RANGES, signature) ?? this.wrong();
    if (!isInteger) this.wrong();
    const size = BigInt(text.replace(/^[-+]/, ''));
    const value = text.startsWith('-') ? -size : size;
    if (value < least || value > most)
      throw new SyntaxError(`${text} is no value of type ${signature}`);
    const exact = Number.isSafeInteger(Number(value)) ? Number(value) : value;
    return { signature, value: exact };
  }

  private string(quote: string, type = 's'): Typed {
    if (!['s', 'o', 'g'].includes(type)) this.wrong();
    let value = '';
    for (;;) {
      const part = this.take(/[^\\'"\0]+|\\[\\'"nt]|['"]/y) ?? this.wrong();
      if (part === quote) return { signature: type, value };
      value += { '\\n': '\n', '\\t': '\t' }[part] ?? (part.startsWith('\\') ? part.slice(1) : part);
    }
  }

  private array(type: string | undefined): Typed {
    if (type !== undefined && !type.startsWith('a')) this.wrong();
    const items: PropertyValue[] = [];
    let item = type?.slice(1);
    while (!this.take(/\s*\]/y)) {
      if (items.length > 0 && !this.take(/\s*,/y)) this.wrong();
      const { signature, value } = this.value(item);
      item = signature;
      items.push(value);
    }
    if (item === undefined) throw new SyntaxError('an empty list needs its type, as in "@as []"');
    // Those of what is in a list were seen.
    if (items.length === 0 && !isType(item)) throw new SyntaxError(`"${type}" is not a type`);
    return { signature: `a${item}`, value: items };
  }

  /** A tuple of one has a comma as well. What is in it must tell its own type. */
  private tuple(type: string | undefined): Typed {
    const parts: Typed[] = [];
    while (!this.take(/\s*,?\s*\)/y)) {
      if (parts.length > 0 && !this.take(/\s*,/y)) this.wrong();
      parts.push(this.value(undefined));
    }
    if (parts.length === 0) throw new SyntaxError('D-Bus has no tuple of nothing');
    const signature = `(${parts.map((part) => part.signature).join('')})`;
    return as(
      signature,
      parts.map(({ value }) => value),
      type,
    );
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private wrong(): never {
    const rest = this.text.slice(this.at);
    throw new SyntaxError(rest === '' ? 'the value ends too early' : `"${rest}" cannot be read`);
  }
}

/** Not what every object inherits. */
function entry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Whether it is the type of one value. */
function isType(text: string): boolean {
  const flat = text.replace(/\((?:a*[ybnqiuxtdsogv])+\)/g, 's');
  return flat === text ? /^a*[ybnqiuxtdsogv]$/.test(text) : isType(flat);
}

function as(signature: string, value: PropertyValue, type: string | undefined): Typed {
  if (type === undefined || type === signature) return { signature, value };
  throw new SyntaxError(`a value of type ${signature} where ${type} is to be`);
}
