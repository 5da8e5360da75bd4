// Where cgroup version 2 is mounted and which of its groups the caller is in (cgroups(7)).

import * as fs from 'node:fs';
import type { HostFacts } from './facts.js';

/** CGROUP2_SUPER_MAGIC (statfs(2)). */
export const CGROUP2_MAGIC = 0x63677270;

/**
 * Where callers are moved to that stand in the way of handing controllers down, below the cgroup
 * they were in (cgroup/controllers.ts). That one goes on counting as theirs.
 */
export const CALLERS = 'sampan-callers';

const USUAL_MOUNT = '/sys/fs/cgroup';

/** Looks at the machine; one statfs(2) and one small file where the layout is the usual v2. */
export function cgroupLayout(): HostFacts['cgroup'] {
  const own = besideCallers(ownCgroup(readIfThere('/proc/self/cgroup')));
  if (isCgroup2(USUAL_MOUNT)) return { layout: 'v2', mount: USUAL_MOUNT, ...own };
  const layout = parseLayout(readIfThere('/proc/self/mountinfo'));
  return layout.mount === undefined ? layout : { ...layout, ...own };
}

function besideCallers({ own }: { own?: string }): { own?: string } {
  if (own === undefined || !own.endsWith(`/${CALLERS}`)) return own === undefined ? {} : { own };
  return { own: own.slice(0, -CALLERS.length - 1) || '/' };
}

/**
 * The controllers that a new cgroup can be given: those of the whole hierarchy for who may use all of
 * it, else those that the own cgroup has or can be handed; and the ones that a version 1 hierarchy has
 * taken.
 */
export function cgroupControllers(
  { mount, own = '/' }: HostFacts['cgroup'],
  whole: boolean,
): HostFacts['cgroupControllers'] {
  return {
    available: mount === undefined ? [] : availableIn(mount, whole || own === '/' ? '' : own),
    version1: parseVersion1(readIfThere('/proc/cgroups'), () =>
      readIfThere('/proc/self/mountinfo'),
    ),
  };
}

/** Also from above, as far as that is delegated: systemd's DelegateSubgroup= keeps processes below. */
function availableIn(mount: string, own: string): string[] {
  const here = readIfThere(`${mount}${own}/cgroup.controllers`).trim().split(' ').filter(Boolean);
  const above = own.slice(0, own.lastIndexOf('/'));
  if (own === '' || !mayDivide(mount + above)) return here;
  return [...new Set([...here, ...availableIn(mount, above)])];
}

/** A cgroup hands controllers down that the caller may write and that has no processes itself. */
function mayDivide(path: string): boolean {
  try {
    fs.closeSync(fs.openSync(`${path}/cgroup.subtree_control`, 'r+'));
  } catch {
    return false;
  }
  return readIfThere(`${path}/cgroup.procs`) === '';
}

/**
 * Controllers by their names in version 2 that a hierarchy of version 1 has, with where that is
 * mounted, empty for nowhere. /proc/cgroups: name, hierarchy (0 for version 2 or none), count, enabled
 * (cgroups(7)).
 */
export function parseVersion1(table: string, mountinfo: () => string): Record<string, string> {
  const rows = table.split('\n').map((line) => line.split('\t'));
  const taken = rows.filter(([name = '#', at = '0']) => !name.startsWith('#') && Number(at) > 0);
  if (taken.length === 0) return {};
  const mounts = mountsOfVersion1(mountinfo());
  return Object.fromEntries(
    taken.map(([name = '']) => [VERSION2_NAMES[name] ?? name, mounts.get(name) ?? '']),
  );
}

/** By controller: a mount's last field has those of its hierarchy. */
function mountsOfVersion1(mountinfo: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - cgroup ');
    const point = unescaped(left.split(' ')[4] ?? '');
    for (const name of right.split(' ').at(-1)?.split(',') ?? []) {
      if (!found.has(name)) found.set(name, point);
    }
  }
  return found;
}

const VERSION2_NAMES: Readonly<Record<string, string>> = { blkio: 'io' };

/** Whether a path is on a cgroup2 file system. */
export function isCgroup2(path: string): boolean {
  try {
    return fs.statfsSync(path).type === CGROUP2_MAGIC;
  } catch {
    return false;
  }
}

/** The layout by /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export function parseLayout(mountinfo: string): {
  layout: HostFacts['cgroup']['layout'];
  mount?: string;
} {
  let mount: string | undefined;
  let v1 = false;
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const type = right.split(' ', 1)[0];
    if (type === 'cgroup') v1 = true;
    if (type === 'cgroup2') mount ??= unescaped(left.split(' ')[4] ?? '');
  }
  if (mount === undefined) return { layout: v1 ? 'v1' : 'none' };
  return { layout: v1 ? 'hybrid' : 'v2', mount };
}

/**
 * The line `0::/path` of /proc/self/cgroup. A path that starts with `/..` is outside the cgroup
 * namespace and cannot be reached below the mount.
 */
export function ownCgroup(text: string): { own?: string } {
  const line = text.split('\n').find((line) => line.startsWith('0::/'));
  if (line === undefined || line.startsWith('0::/..')) return {};
  const end = line.endsWith(' (deleted)') ? -' (deleted)'.length : undefined;
  return { own: line.slice('0::'.length, end) };
}

/** mountinfo writes space, tab, newline and backslash as three octal digits. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function readIfThere(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
