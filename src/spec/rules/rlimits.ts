// Resource limits of the process (config.md#posix-process, getrlimit(2)).

import { didYouMean, nearest } from '../nearest.js';
import type { Problems } from '../problem.js';
import { each, type Rule } from './rule.js';

/** The names `process.rlimits[].type` can have, in the order of the kernel's numbers. */
export const RLIMIT_NAMES = [
  'RLIMIT_CPU',
  'RLIMIT_FSIZE',
  'RLIMIT_DATA',
  'RLIMIT_STACK',
  'RLIMIT_CORE',
  'RLIMIT_RSS',
  'RLIMIT_NPROC',
  'RLIMIT_NOFILE',
  'RLIMIT_MEMLOCK',
  'RLIMIT_AS',
  'RLIMIT_LOCKS',
  'RLIMIT_SIGPENDING',
  'RLIMIT_MSGQUEUE',
  'RLIMIT_NICE',
  'RLIMIT_RTPRIO',
  'RLIMIT_RTTIME',
];

/** Each limit is known, set once, and its soft value is not above its hard one. */
export const rlimits: Rule = {
  reads: ['/process/rlimits/*'],
  check({ process }, to) {
    const list = process?.rlimits;
    each(list, ({ type, soft, hard }, i) => {
      const pointer = `/process/rlimits/${i}`;
      if (!RLIMIT_NAMES.includes(type)) unknownName(type, pointer, to);
      const first = list?.findIndex((other) => other?.type === type);
      if (first !== i) to.error(pointer, `${type} is already set by /process/rlimits/${first}`);
      if (soft > hard) {
        to.error(
          `${pointer}/soft`,
          `soft limit ${soft} of ${type} is above its hard limit ${hard}`,
        );
      }
    });
  },
};

function unknownName(type: string, pointer: string, to: Problems): void {
  const close = nearest(type, RLIMIT_NAMES);
  const detail = close === undefined ? {} : { nearest: close };
  to.error(`${pointer}/type`, `unknown resource limit "${type}"${didYouMean(close)}`, detail);
}
