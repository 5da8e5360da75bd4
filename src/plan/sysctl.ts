// Kernel parameters of the container's namespaces (config-linux.md#sysctl, sysctl.d(5)).

import { below } from '../spec/problem.js';
import { sysctlPath } from '../spec/rules/sysctl.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** One step for each, in the order given; once the network devices of hooks are there. */
export function sysctlSteps({ linux }: Situation): InitStep[] {
  return Object.entries(linux.sysctl ?? {}).map(([key, value]) => {
    const pointer = below('/linux/sysctl', key);
    const path = sysctlPath(key);
    // The system calls ask for rights over the uts namespace, the files for root of the host.
    if (path === 'kernel/hostname') return { step: 'set-hostname', name: value, pointer };
    if (path === 'kernel/domainname') return { step: 'set-domainname', name: value, pointer };
    // Nothing written is nothing set: an empty line is the empty value.
    return { step: 'set-sysctl', path, value: value || '\n', pointer };
  });
}
