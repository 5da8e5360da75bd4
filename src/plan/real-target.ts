// Places that programs trust to be what the kernel says: /proc and /sys.

import { cleanPath } from './paths.js';

/** Types whose target may have no symbolic link on its way (CVE-2023-28642). */
export const KERNEL_TYPES: ReadonlySet<string> = new Set(['proc', 'sysfs']);

/** What holds for a bind mount onto `destination`; anything else than procfs on /proc would fake it (CVE-2019-16884). */
export function targetRules(destination: string): { realTarget: boolean; onlyProc: boolean } {
  const place = cleanPath(destination);
  return { realTarget: place === '/proc' || place === '/sys', onlyProc: place === '/proc' };
}
