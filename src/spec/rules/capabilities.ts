// Capability sets of the process (config.md#linux-process, capabilities(7)).

import type { Capabilities } from '../config/process.js';
import { didYouMean, nearest } from '../nearest.js';
import { below, type Problems } from '../problem.js';
import { each, type Rule } from './rule.js';

/** Every capability of Linux, in the order of the kernel's numbers (linux/capability.h). */
export const CAPABILITY_NAMES = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
];

const SETS = ['bounding', 'effective', 'inheritable', 'permitted', 'ambient'] as const;

/** Capability names are known; the specification wants a warning for others, not a failure. */
export const capabilityNames: Rule = {
  reads: ['/process/capabilities'],
  check({ process }, to) {
    if (process?.capabilities === undefined) return;
    for (const set of SETS) unknownNames(process.capabilities, set, to);
  },
};

function unknownNames(sets: Capabilities, set: (typeof SETS)[number], to: Problems): void {
  each(sets[set], (name, i) => {
    if (CAPABILITY_NAMES.includes(name)) return;
    const close = nearest(name, CAPABILITY_NAMES);
    const detail = close === undefined ? {} : { nearest: close };
    const message = `unknown capability "${name}", ignored${didYouMean(close)}`;
    to.warning(below('/process/capabilities', set, i), message, detail);
  });
}
