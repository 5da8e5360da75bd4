// When and where the process runs: scheduler, I/O priority, CPUs (config.md#linux-process).

import { HIGHEST_CPU, parseNumberList } from '../spec/number-list.js';
import { IO_CLASSES, SCHEDULER_FLAGS, SCHEDULER_POLICIES } from '../spec/numbers.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** Under the new limits, and while the process has the rights of root. */
export function schedulingSteps(situation: Situation): InitStep[] {
  return [...scheduler(situation), ...ioPriority(situation)];
}

function scheduler({ process }: Situation): InitStep[] {
  if (process.scheduler === undefined) return [];
  const { policy, flags = [], nice = 0, priority = 0 } = process.scheduler;
  const { runtime = 0, deadline = 0, period = 0 } = process.scheduler;
  const numbers = { policy: SCHEDULER_POLICIES[policy], nice, priority, runtime, deadline, period };
  const bits = flags.reduce((sum, flag) => sum | SCHEDULER_FLAGS[flag], 0);
  return [{ step: 'set-scheduler', ...numbers, flags: bits, pointer: '/process/scheduler' }];
}

function ioPriority({ process }: Situation): InitStep[] {
  if (process.ioPriority === undefined) return [];
  const { class: name, priority: level = 0 } = process.ioPriority;
  const ioClass = IO_CLASSES[name];
  return [{ step: 'set-io-priority', ioClass, level, pointer: '/process/ioPriority' }];
}

/** `process.execCPUAffinity` before and after the container's cgroup is entered; for `exec` only. */
export function affinityStep({ process }: Situation, when: 'initial' | 'final'): InitStep[] {
  const list = parseNumberList(process.execCPUAffinity?.[when] ?? '', HIGHEST_CPU);
  // What is wrong with a list, validation has said.
  if (typeof list === 'string' || list.length === 0) return [];
  return [{ step: 'set-affinity', cpus: list, pointer: `/process/execCPUAffinity/${when}` }];
}
