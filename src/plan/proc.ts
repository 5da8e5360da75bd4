// The private procfs of init: there when something is to be written to /proc, absent otherwise.

import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/**
 * Opened before init enters, mounts or opens anything of the container: what the image or another
 * container has at /proc is never asked (CVE-2019-16884, CVE-2019-19921).
 */
export function openProc({ linux, process }: Situation, operation: 'launch' | 'exec'): InitStep[] {
  const launch = operation === 'launch';
  const complete = launch && Object.keys(linux.sysctl ?? {}).length > 0;
  const offsets = launch && Object.keys(linux.timeOffsets ?? {}).length > 0;
  const own = offsets || Boolean(process.apparmorProfile) || Boolean(process.selinuxLabel);
  if (!complete && !own) return [];
  return [{ step: 'open-proc', complete, because: 'default access to /proc' }];
}
