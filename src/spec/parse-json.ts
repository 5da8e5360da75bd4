// JSON text to a value, without losing bits of 64-bit integers where they matter.

import { holds } from '../holds.js';
import { scanJson } from './scan-json.js';

/** A parsed document, or where and why the text is not JSON. */
export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly cause: string };

/**
 * Parses JSON (RFC 8259). Integers beyond ±(2^53-1) become bigints in properties named `value` and
 * `valueTwo` (seccomp arguments, where every bit counts), doubles elsewhere.
 */
export function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: needsExactness(text) ? parseExactly(text) : JSON.parse(text) };
  } catch {
    return { ok: false, ...scanJson(text).failure };
  }
}

const LONG_VALUE = /^(?:Two)?"\s*:\s*-?\d{16}/;

/** Looking through the whole text for digits would cost as much as parsing it. */
function needsExactness(text: string): boolean {
  if (holds(text, '\\u')) return /\d{16}/.test(text);
  const behind = text.split('"value').slice(1);
  return behind.some((rest) => LONG_VALUE.test(rest));
}

const MARK = '\0integer ';

function parseExactly(text: string): unknown {
  // A document with NUL in a string is refused later, so the mark cannot be forged.
  if (text.includes('\\u0000')) return JSON.parse(text);
  const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
  const marked = text.replace(token, (found) =>
    /^-?\d{16,}$/.test(found) ? JSON.stringify(MARK + found) : found,
  );
  // The text as it came decides what is JSON: a mark could make a bad number good.
  JSON.parse(text);
  return JSON.parse(marked, (key, value) => unmark(key, value));
}

function unmark(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
  const digits = value.slice(MARK.length);
  const number = Number(digits);
  const exact = key === 'value' || key === 'valueTwo';
  return exact && !Number.isSafeInteger(number) ? BigInt(digits) : number;
}
