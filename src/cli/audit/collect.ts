// Reads what the kernel says of a running container, and what it was made from.
//
// Nothing of the container is executed, and of its files none but directories of /dev are opened; the
// others are looked at by lstat(2), below /proc/PID/root: no link leads to the host's devices, and
// none of its fifos makes this wait.

import * as fs from 'node:fs';
import { checkedAgain } from '../../container/bundle.js';
import type { Context } from '../../container/context.js';
import { processesOf } from '../../container/ps.js';
import { asContainer, type Container, statusOf } from '../../container/status.js';
import { load, readConfig } from '../../container/store.js';
import { fail } from '../../failure.js';
import { collectFacts } from '../../host/collect.js';
import { isAlive } from '../../host/process.js';
import { attempt } from '../../host/system-failure.js';
import type { AuditFacts, DeviceFact, HostSide, ProcessFacts } from './facts.js';
import { KERNEL_FILES } from './kernel-files.js';
import { type MountFact, parseMountinfo } from './mountinfo.js';
import { CONTROL_SOCKETS } from './sockets.js';
import { parseStatus } from './status.js';

/** Throws `Failed` for a container that does not run: before its program there is nothing to measure. */
export async function collectAudit(context: Context, id: string): Promise<AuditFacts> {
  const container = asContainer(load(context.root, id));
  const { record, process: identity, path } = container;
  const status = statusOf(container);
  if (identity === null || (status !== 'running' && status !== 'paused'))
    return notRunning(id, status);
  const config = await checkedAgain(readConfig(container), `${path}/config.json`);
  const { pid } = identity;
  const of = (name: string) =>
    attempt({ doing: 'audit', path: `/proc/${pid}/${name}` }, () => read(pid, name));
  const mounts = parseMountinfo(of('mountinfo'));
  const facts: AuditFacts = {
    id,
    config,
    processes: [parseStatus(of('status')), ...others(container, pid)],
    namespaces: namespacesOf(String(pid)),
    uidMap: of('uid_map'),
    gidMap: of('gid_map'),
    mounts,
    devices: devicesOf(pid, mounts),
    ...(record.cgroup === undefined ? {} : { cgroup: record.cgroup }),
    label: tryRead(`/proc/${pid}/attr/current`).replace(/[\0\n]+$/, ''),
    host: hostSide(),
  };
  // What was read of a pid that is somebody else's by now is not of this container.
  return isAlive(identity) ? facts : notRunning(id, 'stopped');
}

function notRunning(id: string, status: string): never {
  const remedy = status === 'created' ? { remedy: `sampan start ${id}` } : {};
  return fail({ doing: `audit container ${id}`, cause: `it is ${status}, not running`, ...remedy });
}

/** Processes that exec brought have rights of their own. */
function others(container: Container, pid: number): ProcessFacts[] {
  const pids = processesOf(container).filter((other) => other !== pid);
  const texts = pids.map((other) => tryRead(`/proc/${other}/status`));
  return texts.filter(Boolean).map(parseStatus);
}

function hostSide(): HostSide {
  const { lastCapability, apparmor, selinux } = collectFacts();
  return {
    namespaces: namespacesOf('self'),
    uidMap: fs.readFileSync('/proc/self/uid_map', 'latin1'),
    mounts: parseMountinfo(fs.readFileSync('/proc/self/mountinfo', 'utf8')),
    lastCapability,
    sockets: CONTROL_SOCKETS.filter((path) => fs.existsSync(path)),
    kernelFiles: KERNEL_FILES.map(({ path }) => path).filter((path) => fs.existsSync(path)),
    home: process.env.HOME ?? '',
    confines: apparmor || selinux,
  };
}

const KINDS = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'];

function namespacesOf(pid: string): Record<string, string | null> {
  return Object.fromEntries(KINDS.map((kind) => [kind, link(`/proc/${pid}/ns/${kind}`)]));
}

function link(path: string): string | null {
  try {
    return fs.readlinkSync(path);
  } catch {
    return null;
  }
}

/** The nodes in /dev, and files that were mounted one by one. */
function devicesOf(pid: number, mounts: readonly MountFact[]): DeviceFact[] {
  const root = `/proc/${pid}/root`;
  const paths = new Set([...nodesBelow(root, '/dev', 0), ...mounts.map(({ target }) => target)]);
  return [...paths].flatMap((path) => deviceAt(root, path) ?? []);
}

/** /dev/mapper/x and /dev/bus/usb/001/002 are that deep. */
const DEEPEST = 3;

function nodesBelow(root: string, folder: string, depth: number): string[] {
  try {
    if (!fs.lstatSync(root + folder).isDirectory()) return [];
    const entries = fs.readdirSync(root + folder, { withFileTypes: true });
    return entries.flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (!entry.isDirectory()) return entry.isSymbolicLink() ? [] : [path];
      return depth < DEEPEST ? nodesBelow(root, path, depth + 1) : [];
    });
  } catch {
    return [];
  }
}

/** S_IFMT, S_IFBLK and S_IFCHR of inode(7). */
const FORMAT = 0o170000;
const BLOCK = 0o060000;
const CHARACTER = 0o020000;

function deviceAt(root: string, path: string): DeviceFact | undefined {
  try {
    const { mode, rdev } = fs.lstatSync(root + path);
    const format = mode & FORMAT;
    if (format !== BLOCK && format !== CHARACTER) return undefined;
    const type = format === BLOCK ? 'b' : 'c';
    // makedev(3): 12 bits of the major number between 8 and more of the minor.
    return {
      path,
      type,
      major: (rdev >>> 8) & 0xfff,
      minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00),
    };
  } catch {
    return undefined;
  }
}

function read(pid: number, name: string): string {
  return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
}

function tryRead(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
