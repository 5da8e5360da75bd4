// Signal names and numbers, as kill(1) and runc take them.

import { fail } from '../failure.js';
import { parseNumber } from './number.js';

// signal(7), the numbers of x86 and ARM, from 1.
const NAMES =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );
const ALIASES: Readonly<Record<string, number>> = { IOT: 6, POLL: 29, CLD: 17 };
// glibc keeps 32 and 33 for itself.
const RTMIN = 34;
const RTMAX = 64;

/** A number from 0 to 64, or a name in any case with or without SIG, also RTMIN+N and RTMAX-N. */
export function parseSignal(text: string): number {
  const number = parseNumber(text, 0, RTMAX) ?? byName(text.toUpperCase().replace(/^SIG/, ''));
  if (number !== undefined) return number;
  return fail({
    doing: 'kill',
    path: JSON.stringify(text),
    cause: 'unknown signal',
    remedy: 'use a name such as TERM or SIGKILL, or a number from 0 to 64',
  });
}

function byName(name: string): number | undefined {
  const index = NAMES.indexOf(name);
  if (index >= 0) return index + 1;
  return ALIASES[name] ?? realTime(name);
}

function realTime(name: string): number | undefined {
  const match = /^(RTMIN|RTMAX)(?:([+-])(\d{1,2}))?$/.exec(name);
  if (!match) return undefined;
  const offset = Number(`${match[2] ?? '+'}${match[3] ?? '0'}`);
  const number = (match[1] === 'RTMIN' ? RTMIN : RTMAX) + offset;
  return number >= RTMIN && number <= RTMAX ? number : undefined;
}
