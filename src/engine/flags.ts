// Flags of open(2) by the names that fopen(3) has for them.

import system from 'sampan:system';

/** Numbers of this machine. */
export const { constants } = system;

const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = constants;

const FLAGS: Readonly<Record<string, number>> = {
  r: O_RDONLY,
  'r+': O_RDWR,
  w: O_WRONLY | O_CREAT | O_TRUNC,
  wx: O_WRONLY | O_CREAT | O_TRUNC | O_EXCL,
  a: O_WRONLY | O_CREAT | O_APPEND,
};

/** `wx` or a number as a number. */
export function flagsOf(flags: string | number): number {
  const number = typeof flags === 'number' ? flags : FLAGS[flags];
  if (number === undefined) throw new TypeError(`no flags of open: ${flags}`);
  return number;
}
