// What the static program tries of the kernel, from its lines.

import { Failed } from '../../failure.js';
import type { HostFacts } from '../../host/facts.js';
import { systemFailure } from '../../host/system-failure.js';
import { addon } from '../../native/load.js';
import type { Survey, Tried } from './survey.js';

/** Executes it in its role `probe`. */
export function tryKernel({ privileged }: HostFacts): Pick<Survey, 'tried' | 'unexecuted'> {
  try {
    const lines = addon().probe(privileged ? 'root' : 'user');
    return { tried: parseTried(lines, (errno) => addon().errorName(errno)), unexecuted: null };
  } catch (error) {
    if (error instanceof Failed) throw error;
    return { tried: {}, unexecuted: systemFailure(error, { doing: 'execute init' }) };
  }
}

/** `NAME ERRNO CALL` in each line. */
export function parseTried(
  lines: string,
  nameOf: (errno: number) => string,
): Record<string, Tried> {
  const rows = lines.split('\n').filter(Boolean);
  return Object.fromEntries(
    rows.map((row) => {
      const [name = '', errno = '', syscall = ''] = row.split(' ');
      return [name, errno === '0' ? null : { syscall, errno: nameOf(Number(errno)) }];
    }),
  );
}
