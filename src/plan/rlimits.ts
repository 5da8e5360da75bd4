// Resource limits of the process (config.md#posix-process, getrlimit(2)).

import { RLIMIT_NAMES } from '../spec/rules/rlimits.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

type RlimitName = (typeof RLIMIT_NAMES)[number];

const OPEN_FILES = 'RLIMIT_NOFILE';

/** One step for each limit. */
export function rlimitSteps({ process, host }: Situation): InitStep[] {
  const limits = process.rlimits ?? [];
  const steps = limits.map(({ type, soft, hard }, index) => ({
    ...setRlimit(type, soft, hard),
    pointer: `/process/rlimits/${index}`,
  }));
  // The engine's own raised limit is nothing that a container should inherit; to know that of the
  // caller takes two files.
  if (limits.some(({ type }) => type === OPEN_FILES) || host.openFiles === undefined) return steps;
  const { soft, hard } = host.openFiles;
  return [...steps, { ...setRlimit(OPEN_FILES, soft, hard), because: 'limit of the caller' }];
}

function setRlimit(type: RlimitName, soft: number, hard: number) {
  return { step: 'set-rlimit', resource: RLIMIT_NAMES.indexOf(type), soft, hard } as const;
}

/** A limit in words: 2^64 and above are RLIM_INFINITY. */
export function limitText(value: number): string {
  return value >= 2 ** 64 - 1 ? 'unlimited' : String(value);
}
