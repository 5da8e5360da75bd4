// How soon the out-of-memory killer takes the process (config.md#linux-process).

import type { Situation } from './situation.js';
import type { Step } from './steps.js';

/** Right after the clone: inherited by all that follows. Unset, that of the caller stays. */
export function oomScore({ process }: Situation): Step[] {
  const { oomScoreAdj: score } = process;
  return score === undefined
    ? []
    : [{ step: 'set-oom-score', score, pointer: '/process/oomScoreAdj' }];
}
