// Scheduler and CPUs of the process (config.md#linux-process, sched_setattr(2)).

import { HIGHEST_CPU, parseNumberList } from '../number-list.js';
import type { Problems } from '../problem.js';
import type { Scheduler } from '../types.js';
import type { Rule } from './rule.js';

/** What a policy asks for is there, and nothing that belongs to another one. */
export const scheduler: Rule = {
  reads: ['/process/scheduler'],
  check({ process }, to) {
    const given = process?.scheduler;
    if (given === undefined) return;
    if (given.policy === 'SCHED_ISO') {
      to.error('/process/scheduler/policy', 'SCHED_ISO is reserved: no kernel implements it');
    }
    nice(given, to);
    priority(given, to);
    deadline(given, to);
  },
};

function nice({ nice = 0 }: Scheduler, to: Problems): void {
  if (nice >= -20 && nice <= 19) return;
  to.error('/process/scheduler/nice', `must be from -20 to 19, not ${nice}`);
}

function priority({ policy, priority = 0 }: Scheduler, to: Problems): void {
  const pointer = '/process/scheduler/priority';
  if (policy === 'SCHED_FIFO' || policy === 'SCHED_RR') {
    if (priority >= 1 && priority <= 99) return;
    to.error(pointer, `must be from 1 to 99 with ${policy}, not ${priority}`);
  } else if (priority !== 0) {
    to.error(pointer, `is for SCHED_FIFO and SCHED_RR only, not for ${policy}`);
  }
}

/** The kernel counts a budget in steps of 1024 ns (DL_SCALE). */
const SHORTEST = 1024;

function deadline(given: Scheduler, to: Problems): void {
  const { policy, runtime = 0, deadline = 0, period = 0 } = given;
  if (policy !== 'SCHED_DEADLINE') {
    for (const name of ['runtime', 'deadline', 'period'] as const) {
      if (!given[name]) continue;
      to.error(`/process/scheduler/${name}`, `is for SCHED_DEADLINE only, not for ${policy}`);
    }
  } else if (runtime < SHORTEST) {
    to.error('/process/scheduler/runtime', `must be ${SHORTEST} ns or more with SCHED_DEADLINE`);
  } else if (runtime > deadline) {
    to.error('/process/scheduler/deadline', `must not be less than runtime, ${runtime}`);
  } else if (period !== 0 && deadline > period) {
    to.error('/process/scheduler/period', `must not be less than deadline, ${deadline}`);
  }
}

/** Both lists of `process.execCPUAffinity` can be read. */
export const affinity: Rule = {
  reads: ['/process/execCPUAffinity'],
  check({ process }, to) {
    const given = process?.execCPUAffinity;
    if (given === undefined) return;
    for (const name of ['initial', 'final'] as const) {
      if (given[name]) cpuList(given[name], `/process/execCPUAffinity/${name}`, to);
    }
  },
};

function cpuList(text: string, pointer: string, to: Problems): void {
  const list = parseNumberList(text, HIGHEST_CPU);
  if (typeof list === 'string') to.error(pointer, list);
  else if (list.length === 0) to.error(pointer, 'names no CPU');
}
