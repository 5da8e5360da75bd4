// Kernel parameters of the container's namespaces (config-linux.md#sysctl, sysctl.d(5)).

import { below } from '../spec/problem.js';
import { namespaceTypeOf, sysctlPath } from '../spec/rules/sysctl.js';
import { CLONE } from './flags.js';
import { FLAGS } from './namespaces.js';
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

/**
 * CLONE_NEW* of the namespaces in which something is set: one that is joined must not be the
 * runtime's own, or it would be set on the host.
 */
export function changedNamespaces({ config, linux }: Situation): number {
  let flags = config.hostname || config.domainname ? CLONE.NEWUTS : 0;
  for (const key of Object.keys(linux.sysctl ?? {})) {
    const type = namespaceTypeOf(sysctlPath(key));
    if (type !== undefined) flags |= FLAGS[type];
  }
  return flags;
}
