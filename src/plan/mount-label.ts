// linux.mountLabel: the SELinux context of the file systems that are mounted (config-linux.md#mount-label).

import type { Situation } from './situation.js';

/** These have no labels of the caller's choice: the policy labels their files. */
const POLICY_LABELLED = new Set(['proc', 'sysfs', 'cgroup', 'cgroup2', 'mqueue']);

/** The option that labels a file system, unless its own options do. */
export function labelOf(
  { linux }: Situation,
  type: string,
  data: readonly string[],
): readonly string[] {
  const { mountLabel } = linux;
  if (!mountLabel || POLICY_LABELLED.has(type)) return [];
  if (data.some((text) => /^(?:fs|def|root)?context=/.test(text))) return [];
  return [`context="${mountLabel}"`];
}

/** Without SELinux the label would be a promise that nobody keeps. */
export function checkMountLabel({ linux, host, notes }: Situation): void {
  if (!linux.mountLabel || host.selinux) return;
  notes.refuse({
    doing: 'label the mounts',
    pointer: '/linux/mountLabel',
    cause: 'SELinux is not enabled on this host',
    remedy: 'remove linux.mountLabel, or boot with SELinux',
  });
}
