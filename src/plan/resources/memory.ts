// linux.resources.memory (config-linux.md#memory) in files of version 2 (cgroup-v2.rst).

import type { Memory } from '../../spec/config/resources.js';
import { amount, type Limits } from './limits.js';

/** Bytes; 0 is how engines write unset, -1 is no limit. */
export function memoryLimits(memory: Memory, to: Limits): void {
  const { limit = 0, reservation = 0 } = memory;
  if (limit !== 0) to.write('/memory/limit', 'memory.max', amount(limit));
  if (reservation !== 0) to.write('/memory/reservation', 'memory.low', amount(reservation));
  swapLimit(memory, to);
  refuseOld(memory, to);
}

/** The specification counts memory and swap together, version 2 swap alone. */
function swapLimit({ limit = 0, swap = 0 }: Memory, to: Limits): void {
  const at = '/memory/swap';
  // As runc: who lifts the limit on memory and says nothing of swap lifts both.
  if (swap === 0 && limit < 0) to.write('/memory/limit', 'memory.swap.max', 'max', { extra: true });
  if (swap === 0) return;
  if (swap < 0) to.write(at, 'memory.swap.max', 'max', { extra: true });
  else if (limit <= 0) to.refuse(at, 'swap includes memory, which has no limit', 'set limit too');
  else if (swap < limit) to.refuse(at, `${swap} is below memory.limit, which it includes`);
  else to.write(at, 'memory.swap.max', amount(swap - limit), { extra: true });
}

function refuseOld(memory: Memory, to: Limits): void {
  const v1 = 'cgroup version 2 has no such setting';
  for (const name of ['kernel', 'kernelTCP'] as const) {
    if ((memory[name] ?? 0) <= 0) continue;
    to.warn(`/memory/${name}`, `not applied: ${v1}, memory.limit counts it too`);
  }
  if (memory.swappiness !== undefined) {
    to.refuse(
      '/memory/swappiness',
      v1,
      'limit swap with memory.swap, or use memory.high in unified',
    );
  }
  if (memory.disableOOMKiller) {
    to.refuse(
      '/memory/disableOOMKiller',
      v1,
      'use memory.high in unified, which slows down instead',
    );
  }
  if (memory.useHierarchy === false) {
    to.warn('/memory/useHierarchy', 'not applied: version 2 always counts those below');
  }
}
