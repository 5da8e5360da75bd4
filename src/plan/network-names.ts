// The loopback interface and the names of the host in their new namespaces (config.md#hostname).

import { CLONE } from './flags.js';
import { creates } from './namespaces.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** A joined network namespace is left as it is; names are set in a joined UTS namespace too, as in runc. */
export function hostSteps(situation: Situation): InitStep[] {
  const { config } = situation;
  const steps: InitStep[] = [];
  if (creates(situation, CLONE.NEWNET)) {
    const pointer = situation.namespaces.pointer(CLONE.NEWNET);
    steps.push({ step: 'set-loopback-up', pointer });
  }
  const { hostname, domainname } = config;
  if (hostname) steps.push({ step: 'set-hostname', name: hostname, pointer: '/hostname' });
  if (domainname) steps.push({ step: 'set-domainname', name: domainname, pointer: '/domainname' });
  return steps;
}
