// Whether a new proc or sysfs may be mounted in a user namespace: only where the ones that can be seen
// now hide nothing (the kernel's mnt_already_visible, fs/namespace.c).

import * as fs from 'node:fs';

/** A file system that shows the kernel. */
export type KernelView = 'proc' | 'sysfs';

/** Directories made to be mounted on, which hide nothing as they are always empty. */
const MOUNT_POINTS: Record<KernelView, RegExp> = {
  proc: /^\/(sys\/fs\/binfmt_misc|fs\/nfsd)$/,
  sysfs:
    /^\/(fs\/(cgroup|bpf|pstore|selinux|smackfs|resctrl|fuse\/connections)|kernel\/(config|debug|security|tracing)|firmware\/efi\/efivars)$/,
};

/** What stands in the way of a new one. */
export interface Hidden {
  /** Places that are covered, shortest first; none where no whole one is mounted at all. */
  readonly covered: readonly string[];
}

/** Looks at the mounts of this process; undefined where nothing stands in the way. */
export function hiddenView(type: KernelView): Hidden | undefined {
  return hiddenIn(fs.readFileSync('/proc/self/mountinfo', 'utf8'), type);
}

/** The same by the text of /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
export function hiddenIn(mountinfo: string, type: KernelView): Hidden | undefined {
  const mounts = mountinfo.trimEnd().split('\n').map(parse);
  const whole = mounts.filter((mount) => mount.type === type && mount.root === '/');
  const coverings = whole.map((view) => {
    const below = mounts.filter(({ parent }) => parent === view.id);
    const covers = below.filter(({ target }) => {
      return !MOUNT_POINTS[type].test(target.slice(view.target.length));
    });
    return covers.map(({ target }) => target);
  });
  // One that is read-only, or has other times of access, may be had no other way (mount_namespaces(7)).
  const usual = whole.map(({ options }) => !options.includes('ro') && options.includes('relatime'));
  if (coverings.some((covered, index) => covered.length === 0 && usual[index])) return undefined;
  const covered = [...(coverings[0] ?? [])].sort((a, b) => a.length - b.length);
  return { covered };
}

function parse(line: string) {
  const [left = '', right = ''] = line.split(' - ');
  const [id, parent, , root, target = '', options = ''] = left.split(' ');
  return { id, parent, root, target, options: options.split(','), type: right.split(' ', 1)[0] };
}
