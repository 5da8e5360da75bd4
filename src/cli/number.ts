// The only parser of numbers on the command line: the whole text, in range, or nothing.
//
// A lenient one turned `1000x` into 1000 and 2^32 into root (CVE-2026-30892, CVE-2024-40635).

import { fail } from '../failure.js';

/** Largest uid or gid; 2^32-1 is the kernel's "no id" (chown(2)). */
export const MAX_ID = 4294967294;

/** Decimal digits only, within the bounds; `undefined` for anything else. */
export function parseNumber(text: string, min: number, max: number): number | undefined {
  if (!/^-?\d{1,16}$/.test(text)) return undefined;
  // "-0" is 0.
  const n = Number(text) + 0;
  return n >= min && n <= max ? n : undefined;
}

/** Bytes, with `k`, `m`, `g` or `t` for powers of 1024; -1 is no limit. `undefined` for anything else. */
export function parseBytes(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(-1|\d{1,16})([kmgt]?)b?$/i.exec(text) ?? [];
  const bytes = Number(digits) * 1024 ** ' kmgt'.indexOf(unit.toLowerCase() || ' ');
  return digits === '' || !Number.isSafeInteger(bytes) || (bytes < 0 && unit !== '')
    ? undefined
    : bytes;
}

/** A user and, if given, a group. */
export interface UserId {
  readonly uid: number;
  readonly gid?: number;
}

/** `UID[:GID]`, numbers only. */
export function parseUser(text: string): UserId {
  const [user = '', group, ...more] = text.split(':');
  const uid = parseNumber(user, 0, MAX_ID);
  const gid = group === undefined ? undefined : parseNumber(group, 0, MAX_ID);
  if (uid === undefined || more.length > 0 || (group !== undefined && gid === undefined))
    return fail({
      doing: 'exec: --user',
      path: JSON.stringify(text),
      cause: `expected UID[:GID], each a number from 0 to ${MAX_ID}`,
      remedy: "names are not looked up; use the numbers from the container's /etc/passwd",
    });
  return gid === undefined ? { uid } : { uid, gid };
}
