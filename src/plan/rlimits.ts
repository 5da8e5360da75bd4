// Resource limits of the process (config.md#posix-process, getrlimit(2)).

import { RLIMIT_NAMES } from '../spec/rules/rlimits.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** One step for each limit. */
export function rlimitSteps({ process }: Situation): InitStep[] {
  return (process.rlimits ?? []).map(({ type, soft, hard }, index) => ({
    step: 'set-rlimit',
    resource: RLIMIT_NAMES.indexOf(type),
    soft,
    hard,
    pointer: `/process/rlimits/${index}`,
  }));
}

/** A limit in words: 2^64 and above are RLIM_INFINITY. */
export function limitText(value: number): string {
  return value >= 2 ** 64 - 1 ? 'unlimited' : String(value);
}
