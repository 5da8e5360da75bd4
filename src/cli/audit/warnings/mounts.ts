// Files and sockets of the host in the container.

import { isBelow, type MountFact, uncovered } from '../mountinfo.js';
import { isControlSocket } from '../sockets.js';
import type { View } from '../view.js';
import { notable, severe, type Warning } from './warning.js';

/** What the host executes or believes: whoever writes there is root of it soon. */
const TRUSTED = [
  ...['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/usr', '/etc', '/boot'],
  ...['/var/spool/cron', '/run/systemd'],
];

/** The same as a whole; what is below may be a volume, or the root filesystem itself. */
const STORES = [
  ...['/root', '/home', '/opt', '/dev', '/run/sampan', '/var/lib/docker', '/var/lib/containers'],
  ...['/var/lib/containerd', '/var/lib/kubelet'],
];

/** File systems that are made for a container, or show the kernel (warnings/kernel.ts). */
const OWN = ['proc', 'sysfs', 'cgroup', 'cgroup2', 'devpts', 'mqueue', 'ramfs', 'nsfs'];

/** Warnings of what is mounted from the host. */
export function mountWarnings(view: View): Warning[] {
  return uncovered(view.facts.mounts).flatMap((mount) => [
    ...sockets(view, mount),
    ...files(view, mount),
    ...shared(view, mount),
  ]);
}

/** connect(2) is not writing: a read-only mount does not hinder it. */
function sockets(view: View, mount: MountFact): Warning[] {
  if (OWN.includes(mount.type)) return [];
  const path = view.hostPath(mount) ?? sourceOf(view, mount);
  if (path === undefined) return [];
  const below = view.facts.host.sockets.filter((socket) => isBelow(socket, path));
  const found = isControlSocket(path) || isControlSocket(mount.target) ? [path] : below;
  return found.map((socket) => {
    const name = socket.slice(socket.lastIndexOf('/') + 1);
    const meaning = `${inside(mount, path, socket)} starts programs on the host with all rights`;
    return severe(name, meaning, view.mountPointer(mount), 'do not mount it');
  });
}

function inside(mount: MountFact, path: string, socket: string): string {
  const rest = path === '/' ? socket : socket.slice(path.length);
  return `whoever connects to ${mount.target === '/' ? '' : mount.target}${rest}`;
}

/** As configured, where the host has not mounted the file system. */
function sourceOf({ facts, mountPointer }: View, mount: MountFact): string | undefined {
  const index = /^\/mounts\/(\d+)$/.exec(mountPointer(mount) ?? '')?.[1];
  return index === undefined ? undefined : facts.config.mounts?.[Number(index)]?.source;
}

function files(view: View, mount: MountFact): Warning[] {
  const path = view.hostPath(mount);
  if (!mount.writable || path === undefined || OWN.includes(mount.type)) return [];
  if (isDeviceFile(view, mount)) return [];
  const { home } = view.facts.host;
  const root = view.hostRoot && isTrusted(path, mount.target === '/');
  const own = home !== '' && home !== '/' && isBelow(home, path);
  if (!root && !own) return [];
  const whose = path === '/' ? 'all files of the host' : `${path} of the host`;
  const why = root ? 'which the host executes or believes' : 'where its owner logs in';
  const pointer = view.mountPointer(mount);
  return [severe(`writable ${mount.target}`, `changes ${whose}, ${why}`, pointer, READ_ONLY)];
}

const READ_ONLY = 'add the option ro, or mount less';

/** `isRoot`: of the container. It may well be below such a folder. */
function isTrusted(path: string, isRoot: boolean): boolean {
  if ([...TRUSTED, ...STORES].some((folder) => isBelow(folder, path))) return true;
  return !isRoot && TRUSTED.some((folder) => isBelow(path, folder));
}

/** Nodes are told of by the devices' own warnings. */
function isDeviceFile({ facts }: View, { target }: MountFact): boolean {
  return facts.devices.some(({ path }) => path === target);
}

/** What is mounted below a shared mount is mounted on the host too (mount_namespaces(7)). */
function shared(view: View, mount: MountFact): Warning[] {
  if (mount.peers === undefined || !view.reachable.has('CAP_SYS_ADMIN')) return [];
  if (!view.facts.host.mounts.some(({ peers }) => peers === mount.peers)) return [];
  const meaning = 'what is mounted there appears on the host';
  const pointer = view.mountPointer(mount);
  return [notable(`shared ${mount.target}`, meaning, pointer, 'use private or slave propagation')];
}
