// linux.resources.cpu (config-linux.md#cpu) in files of version 2 (cgroup-v2.rst).

import type { Cpu } from '../../spec/config/resources.js';
import { amount, type Limits } from './limits.js';

/** Times in microseconds; 0 and the empty text are how engines write unset. */
export function cpuLimits(cpu: Cpu, to: Limits): void {
  const { shares = 0, idle, cpus = '', mems = '' } = cpu;
  if (idle !== undefined) to.write('/cpu/idle', 'cpu.idle', String(idle));
  // The kernel gives an idle group the least weight there is and takes no other.
  if (shares !== 0 && idle === 1) to.warn('/cpu/shares', 'not applied: cpu.idle is set');
  else if (shares !== 0) to.write('/cpu/shares', 'cpu.weight', String(weightOf(shares)));
  bandwidth(cpu, to);
  if (cpus !== '') to.write('/cpu/cpus', 'cpuset.cpus', cpus);
  if (mems !== '') to.write('/cpu/mems', 'cpuset.mems', mems);
  for (const name of ['realtimeRuntime', 'realtimePeriod'] as const) {
    if ((cpu[name] ?? 0) <= 0) continue;
    to.refuse(
      `/cpu/${name}`,
      'cgroup version 2 has no real-time bandwidth',
      'use process.scheduler and RLIMIT_RTPRIO',
    );
  }
}

function bandwidth({ quota = 0, period = 0, burst }: Cpu, to: Limits): void {
  if (quota !== 0) {
    // Without a period the one that is set stays.
    const value = period === 0 ? amount(quota) : `${amount(quota)} ${period}`;
    to.write('/cpu/quota', 'cpu.max', value);
  } else if (period !== 0) {
    to.write('/cpu/period', 'cpu.max', `max ${period}`);
  }
  if (burst === undefined) return;
  if (quota > 0 && burst > quota) to.refuse('/cpu/burst', `${burst} is above cpu.quota, ${quota}`);
  else to.write('/cpu/burst', 'cpu.max.burst', String(burst));
}

/**
 * Shares (2 to 262144, default 1024) as a weight (1 to 10000, default 100). The curve goes through
 * all three pairs, as the one that runc, crun and Kubernetes agreed on in 2025; a straight line would give the default shares
 * a weight of 39.
 */
export function weightOf(shares: number): number {
  if (shares <= 2) return 1;
  if (shares >= 262_144) return 10_000;
  const log = Math.log2(shares);
  return Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34));
}
