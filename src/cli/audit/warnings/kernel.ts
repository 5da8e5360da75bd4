// Files of the kernel and cgroups that can be written.

import { KERNEL_FILES } from '../kernel-files.js';
import { isBelow, type MountFact, mountOn, uncovered } from '../mountinfo.js';
import type { View } from '../view.js';
import { notable, severe, type Warning } from './warning.js';

/** Where these file systems usually are. */
const PLACES: Readonly<Record<string, string>> = { proc: '/proc', sysfs: '/sys' };

/** Warnings of writable kernel files and cgroups. */
export function kernelWarnings(view: View): Warning[] {
  // They are all owned by root of the host, and proc asks for no less than its uid.
  if (!view.hostRoot) return [];
  return [...view.facts.mounts.flatMap((mount) => filesOf(view, mount)), ...cgroups(view)];
}

/** A part of a proc may be mounted elsewhere: its `root` is then `/sys`. */
function filesOf(view: View, mount: MountFact): Warning[] {
  const place = PLACES[mount.type];
  if (place === undefined || !mount.writable) return [];
  const { mounts, host } = view.facts;
  const top = mount.root === '/' ? place : place + mount.root;
  return KERNEL_FILES.flatMap((file) => {
    if (!isBelow(file.path, top) || !host.kernelFiles.includes(file.path)) return [];
    const path = `${mount.target === '/' ? '' : mount.target}${file.path.slice(top.length)}`;
    if (mountOn(mounts, path) !== mount) return [];
    const remedy = `add ${path} or a directory above to readonlyPaths`;
    return [severe(`writable ${path}`, file.meaning, pointerOf(view, mount), remedy)];
  });
}

/** An own proc is writable for want of a read-only path; any other for its own options. */
function pointerOf(view: View, mount: MountFact): string {
  const own = mount.root === '/' && ['/proc', '/sys'].includes(mount.target);
  if (own && mount.type === 'proc') return '/linux/readonlyPaths';
  return view.mountPointer(mount) ?? '/linux/readonlyPaths';
}

/** release_agent of version 1 is a program that the host runs as root (cgroups(7), CVE-2022-0492). */
function cgroups(view: View): Warning[] {
  const writable = uncovered(view.facts.mounts).filter(({ writable }) => writable);
  const pointer = (mount: MountFact) => view.mountPointer(mount);
  const first = writable.filter(({ type }) => type === 'cgroup');
  const second = writable.filter(({ type }) => type === 'cgroup2');
  const agent =
    'names the program that the host runs as root when a cgroup is empty (release_agent)';
  const limits = 'changes the limits of other processes of the host';
  return [
    ...first.map((mount) => severe(`writable ${mount.target}`, agent, pointer(mount), READ_ONLY)),
    ...(view.shares('cgroup') === true
      ? second.map((mount) =>
          notable(`writable ${mount.target}`, limits, pointer(mount), READ_ONLY),
        )
      : []),
  ];
}

const READ_ONLY = 'add the option ro to the mount';
