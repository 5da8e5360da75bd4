// Where the kernel's control of caches and memory bandwidth is mounted (the kernel's resctrl.rst).

import * as fs from 'node:fs';

/** Mount point of resctrl; undefined where there is none. */
export function resctrlMount(): string | undefined {
  try {
    return parseResctrl(fs.readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return undefined;
  }
}

/** The same by /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export function parseResctrl(mountinfo: string): string | undefined {
  const line = mountinfo.split('\n').find((line) => / - resctrl /.test(line));
  return line?.split(' ')[4];
}
