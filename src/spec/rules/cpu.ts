// Processor time and CPUs of the cgroup (config-linux.md#cpu, cgroups(7)).

import type { Problems } from '../problem.js';
import type { Cpu } from '../types.js';
import type { Rule } from './rule.js';

const POINTER = '/linux/resources/cpu';

/** Times that the kernel takes, and lists that it can read. */
export const cpu: Rule = {
  reads: [POINTER],
  check({ linux }, to) {
    const given = linux?.resources?.cpu;
    if (given === undefined) return;
    bandwidth(given, to);
    realtime(given, to);
    for (const name of ['cpus', 'mems'] as const) {
      if (given[name]) numberList(given[name], `${POINTER}/${name}`, to);
    }
  },
};

/** kernel/sched/core.c: min_bw_quota_period_us and max_bw_quota_period_us. */
const SHORTEST = 1000;
const LONGEST = 1_000_000;

/** 0 is how engines write unset. */
function bandwidth({ quota = 0, burst = 0, period = 0 }: Cpu, to: Problems): void {
  if (quota > 0 && quota < SHORTEST) {
    to.error(`${POINTER}/quota`, `must be ${SHORTEST} microseconds or more, not ${quota}`);
  }
  if (period !== 0 && (period < SHORTEST || period > LONGEST)) {
    const message = `must be from ${SHORTEST} to ${LONGEST} microseconds, not ${period}`;
    to.error(`${POINTER}/period`, message);
  }
  if (quota > 0 && burst > quota) {
    to.error(`${POINTER}/burst`, `must not be larger than the quota, ${quota}, but is ${burst}`);
  }
}

function realtime({ realtimeRuntime: runtime = 0, realtimePeriod: period = 0 }: Cpu, to: Problems) {
  if (period === 0 || runtime <= period) return;
  const message = `must not be larger than realtimePeriod, ${period}, but is ${runtime}`;
  to.error(`${POINTER}/realtimeRuntime`, message);
}

const ITEM = /^(?:all|N|(\d+)(?:-(?:N|(\d+)(?::\d+\/\d+)?))?)$/;

/** The kernel reads more than `0-3,7`: bitmap_parselist() in lib/bitmap-str.c. */
function numberList(text: string, pointer: string, to: Problems): void {
  for (const item of text.split(/[,\s]+/)) {
    if (item === '') continue;
    const found = ITEM.exec(item);
    if (found === null || Number(found[1]) > Number(found[2])) {
      to.error(pointer, `"${item}" is neither a number nor a range such as 0-3`);
    }
  }
}
