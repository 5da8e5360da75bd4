// Files of the kernel that root of the host may write, and what comes of it.

/** One, by its usual place. */
export interface KernelFile {
  readonly path: string;
  readonly meaning: string;
}

const runs = (when: string) => `names the program that the host runs as root ${when}`;

/** Those that are ways out of a container. */
export const KERNEL_FILES: readonly KernelFile[] = [
  { path: '/proc/sysrq-trigger', meaning: 'resets the machine, and ends its processes' },
  { path: '/proc/sys/kernel/core_pattern', meaning: runs('for each core dump') },
  { path: '/proc/sys/kernel/modprobe', meaning: runs('to load a module') },
  { path: '/sys/kernel/uevent_helper', meaning: runs('for each device') },
];
