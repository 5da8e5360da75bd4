// Paths that are hidden or read-only (config-linux.md#masked-paths, #readonly-paths).

import { cleanPath } from './paths.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** Read-only paths first, as in runc: one that is masked as well stays masked. */
export function maskingSteps({ linux }: Situation): InitStep[] {
  const { readonlyPaths = [], maskedPaths = [] } = linux;
  return [
    ...readonlyPaths.map((target, index): InitStep => {
      const pointer = `/linux/readonlyPaths/${index}`;
      // A mount over the root would lie where no path leads.
      if (cleanPath(target) === '/') return { step: 'make-root-read-only', pointer };
      return { step: 'make-read-only', target: cleanPath(target), pointer };
    }),
    ...maskedPaths.map(
      (target, index): InitStep => ({
        step: 'mask-path',
        target: cleanPath(target),
        pointer: `/linux/maskedPaths/${index}`,
      }),
    ),
  ];
}
