// What to do about failures whose cause can be told on this machine.

import * as fs from 'node:fs';
import { hiddenView, type KernelView } from '../host/kernel-views.js';
import { isFiltered, namespaceFacts } from '../host/namespace-facts.js';
import { CLONE } from '../plan/flags.js';
import { meantOption } from '../plan/mount-options.js';
import type { Step } from '../plan/steps.js';
import { didYouMean, nearest } from '../spec/nearest.js';
import {
  apparmorRestricts,
  noMoreKeys,
  type Refusal,
  rootIsNoMount,
  unmappableRoot,
  whyRefused,
} from './namespaces-refused.js';

/** mount(2) */
const MS_REMOUNT = 0x20;
/** mount_namespaces(7), on mounts that come from a more privileged namespace. */
const LOCKED_FLAGS =
  'in a user namespace the atime option of a mount of the host is fixed, and ro, nosuid, nodev and noexec cannot be taken away';

/** First kernels with a call, for that for which nothing stands in. */
const SINCE: Readonly<Record<string, string>> = {
  clone3: '5.6, for a time namespace',
  open_tree: '5.12',
  mount_setattr: '5.12, for nosymfollow and for what is changed on all mounts below as well',
};

type WriteIdMaps = Extract<Step, { step: 'write-id-maps' }>;

/** setns(2) asks for rights over the user namespaces of the container. */
const ENTERED_FROM =
  'a container is entered from the user namespace that it was started in: go there with nsenter --user --target PID --preserve-credentials, PID being a process there';

/** A path of the container that cannot be made whole. */
const NO_PLACE =
  'a link on the way leads to nothing in the root filesystem, or nothing can be made there';

/**
 * What to do about `errno` of a `syscall` in a step, `path` being what it was about; undefined if
 * unknown.
 */
export function remedyFor(
  step: Step,
  { errno, syscall, path }: { errno: string; syscall: string; path: string },
): string | undefined {
  if (isNoPlace(step, errno, syscall)) return NO_PLACE;
  if (errno === 'ENOSYS' && Object.hasOwn(SINCE, syscall)) return newerCall(step, syscall);
  switch (step.step) {
    case 'clone':
    case 'unshare':
    case 'fork':
      return namespacesRefused(step.flags, errno);
    case 'set-propagation':
      return errno === 'EINVAL' && namespaceFacts().chroot ? words(rootIsNoMount) : undefined;
    case 'new-keyring':
      return errno === 'EDQUOT' ? words(noMoreKeys) : undefined;
    case 'become-root':
      return rightsDenied(errno);
    case 'enter-container':
      return errno === 'EPERM' ? ENTERED_FROM : undefined;
    case 'set-hostname':
    case 'set-domainname':
      return errno === 'EPERM' ? nameRefused() : undefined;
    case 'write-id-maps':
      return mapsRefused(step, errno);
    case 'mount-filesystem':
      return mistyped(step.options, errno) ?? mountFailed(step.type, syscall, errno);
    case 'mount-copy-up':
      return mountFailed(step.type, syscall, errno);
    case 'mount-at-once':
      return (step.flags & MS_REMOUNT) === 0
        ? mountFailed(step.type, syscall, errno)
        : changeFailed(errno);
    case 'change-mount':
      return changeFailed(errno);
    case 'open-terminal':
    case 'make-device':
    case 'bind-device':
    case 'make-symlink':
      return deviceFailed(errno);
    case 'make-directory':
      return directoryFailed(errno);
    case 'set-cwd':
      return errno === 'EACCES' ? 'process.user may not enter it' : directoryFailed(errno);
    case 'bind-mount':
    case 'bind-link':
      return bindFailed(syscall, errno, path || step.source);
    case 'open-mapped':
      return mappingFailed(syscall, errno, step.source);
    case 'open-source':
      return errno === 'ENOENT' ? missingSource(path || step.source) : undefined;
    case 'pivot-root':
      return errno === 'EINVAL' ? 'a root on a ramdisk cannot be left: use --no-pivot' : undefined;
    case 'create-cgroup':
      return cgroupRefused(errno);
    case 'move-network-device':
      return errno === 'ENODEV'
        ? "the runtime's network namespace has no device of this name: see ip link"
        : undefined;
    case 'limit-devices':
      return filterRefused(errno);
    case 'set-rlimit':
      return errno === 'EPERM'
        ? "only with CAP_SYS_RESOURCE can a limit be above the caller's hard limit (ulimit -H)"
        : undefined;
    case 'set-oom-score':
      return errno === 'EACCES'
        ? 'only with CAP_SYS_RESOURCE can it be lower than what the caller was given (choom)'
        : undefined;
    case 'set-sysctl':
      return sysctlFailed(errno);
    case 'write-attribute':
      return labelRefused(step.pointer ?? '', errno);
    case 'set-scheduler':
    case 'set-io-priority':
      return errno === 'EPERM' ? schedulingRefused(step.step) : undefined;
    case 'set-memory-policy':
      return errno === 'EINVAL'
        ? 'see that the nodes are there and allowed: Mems_allowed_list in /proc/self/status'
        : undefined;
    case 'set-affinity':
      return errno === 'EINVAL'
        ? 'none of these CPUs is there and allowed: Cpus_allowed_list in /proc/self/status'
        : undefined;
    case 'set-user':
      return errno === 'EINVAL'
        ? 'the id is not mapped in linux.uidMappings or gidMappings'
        : undefined;
    default:
      return undefined;
  }
}

function newerCall({ step }: Step, syscall: string): string {
  const since = step === 'open-mapped' ? '5.12, for idmap' : SINCE[syscall];
  return `it takes Linux ${since}, and no seccomp filter around sampan that answers ENOSYS for younger calls`;
}

/** Init looks into its own procfs with the same call. */
function isNoPlace({ step }: Step, errno: string, syscall: string): boolean {
  if (errno !== 'ENOENT' || step === 'set-sysctl' || step === 'write-attribute') return false;
  return syscall === 'openat2' || syscall === 'mkdirat';
}

function namespacesRefused(flags: number, errno: string): string | undefined {
  const kinds = Object.keys(KINDS).filter((kind) => flags & (KINDS[kind] ?? 0));
  return words(whyRefused(kinds, errno, namespaceFacts()));
}

/** Right after the user namespace was made. */
function rightsDenied(errno: string): string | undefined {
  if ((errno !== 'EPERM' && errno !== 'EACCES') || process.geteuid?.() === 0) return undefined;
  return namespaceFacts().apparmorRestricts ? words(apparmorRestricts) : undefined;
}

/** CLONE_NEW* by the names of /proc/PID/ns (namespaces(7)). */
const KINDS: Readonly<Record<string, number>> = {
  user: CLONE.NEWUSER,
  mnt: CLONE.NEWNS,
  pid: CLONE.NEWPID,
  net: CLONE.NEWNET,
  ipc: CLONE.NEWIPC,
  uts: CLONE.NEWUTS,
  cgroup: CLONE.NEWCGROUP,
  time: CLONE.NEWTIME,
};

function words(refusal: Refusal | undefined): string | undefined {
  return refusal && `${refusal.cause}: ${refusal.mend}`;
}

/** podman and docker let only root that has CAP_SYS_ADMIN do it, whatever the user namespace. */
function nameRefused(): string {
  return isFiltered()
    ? 'the seccomp filter of an outer container refuses it: leave the name out, or run that with --security-opt seccomp=unconfined'
    : 'it takes a new uts namespace that the user namespace owns';
}

function mapsRefused({ method, uid }: WriteIdMaps, errno: string): string | undefined {
  if (errno !== 'EPERM' && errno !== 'EINVAL') return undefined;
  if (
    errno === 'EPERM' &&
    uid.some(({ hostId }) => hostId === 0) &&
    namespaceFacts().unmappableRoot
  ) {
    return words(unmappableRoot);
  }
  if (method === 'single')
    return 'only the own id may be mapped: another user namespace restricts it';
  return 'see that the host ids of linux.uidMappings and gidMappings are mapped in this user namespace and do not overlap';
}

function noFileSystem(type: string): string {
  const known = fs.readFileSync('/proc/filesystems', 'utf8').match(/[^\s]+$/gm) ?? [];
  const meant = didYouMean(nearest(type, known));
  return `this kernel has no file system ${type}${meant || ': see /proc/filesystems'}`;
}

/** What a file system does not know may have been meant for the mount. */
function mistyped(options: readonly string[], errno: string): string | undefined {
  if (errno !== 'EINVAL') return undefined;
  const mistaken = options.find((option) => meantOption(option) !== undefined);
  if (mistaken === undefined) return undefined;
  const meant = meantOption(mistaken);
  return mistaken === meant
    ? `write "${meant}" as an element of its own: what has commas is for the file system`
    : `did you mean the option "${meant}"?`;
}

function mountFailed(type: string, syscall: string, errno: string): string | undefined {
  if (syscall === 'mount' && errno === 'EINVAL')
    return 'it does not take one of its options: see dmesg for which';
  if (errno === 'EPERM' && syscall !== 'move_mount') return mountRefused(type);
  if (errno === 'ENODEV') return noFileSystem(type);
  if (errno === 'ENOSPC') return 'raise its option size=, or the memory limit of the container';
  if (errno === 'ELOOP') return 'no part of the target may be a symbolic link';
  return undefined;
}

function changeFailed(errno: string): string | undefined {
  if (errno === 'EINVAL') return 'remount changes only what an earlier entry of mounts put there';
  if (errno !== 'EPERM') return undefined;
  return `${LOCKED_FLAGS}; a file system that the host mounted can be changed with bind,remount only`;
}

function bindFailed(syscall: string, errno: string, source: string): string | undefined {
  switch (`${syscall} ${errno}`) {
    case 'mount_setattr EPERM':
      return LOCKED_FLAGS;
    case 'open_tree ENOENT':
      return missingSource(source);
    case 'move_mount EINVAL':
    case 'openat2 ENOTDIR':
      // dockerd and podman look for the words `not a directory` (moby daemon/errors.go).
      return 'what is not a directory cannot be mounted on a directory, nor a directory on it';
    default:
      return undefined;
  }
}

function mappingFailed(syscall: string, errno: string, source: string): string | undefined {
  if (syscall === 'open_tree') return errno === 'ENOENT' ? missingSource(source) : undefined;
  if (errno === 'EPERM') return 'only root of the host may change the ids that a mount shows';
  if (errno !== 'EINVAL') return undefined;
  return 'its file system cannot map ids, or its ids are mapped already: see MOUNT_ATTR_IDMAP in mount_setattr(2)';
}

function deviceFailed(errno: string): string | undefined {
  if (errno === 'ENOSPC') return 'raise its option size=, or the memory limit of the container';
  if (errno === 'ELOOP') return 'on the way to a file in /dev may be no symbolic link';
  if (errno === 'EEXIST') return 'remove it from the image, or mount a tmpfs on /dev';
  return undefined;
}

/** Links such as /proc/self/fd/7 lead past the root, wherever they point (CVE-2024-21626). */
function directoryFailed(errno: string): string | undefined {
  if (errno !== 'ELOOP' && errno !== 'EXDEV') return undefined;
  return 'name a directory in the container: links of /proc to open files are not followed';
}

/** Each shows a namespace, and only its owner may have it. */
function mountRefused(type: string): string | undefined {
  switch (type) {
    case 'proc':
      return (
        hidden('proc', '/proc') ??
        'a proc of its own needs a new pid namespace that the user namespace owns'
      );
    case 'sysfs':
      return (
        hidden('sysfs', '/sys') ??
        'a sysfs of its own needs a new network namespace: add one, or bind mount /sys'
      );
    case 'cgroup2':
    case 'cgroup':
      return 'a cgroup mount of its own needs a new cgroup namespace';
    case 'mqueue':
      return 'a mqueue of its own needs a new ipc namespace: add one, or bind mount';
    default:
      return `${type} may not be mounted in a user namespace`;
  }
}

/** An outer container hides parts of its own. */
function hidden(type: KernelView, path: string): string | undefined {
  const view = hiddenView(type);
  if (view === undefined) return undefined;
  const bind = `bind mount ${path} as sampan spec does here`;
  if (view.covered.length === 0) return `no whole ${type} is mounted here: ${bind}`;
  const places = view.covered.slice(0, 3).join(', ');
  return `the ${path} here is masked by mounts on ${places}: in an outer container, run that with unmasked ${path} (--security-opt unmask=ALL), or ${bind}`;
}

function missingSource(path: string): string {
  return `make ${path} on the host first: the source of a bind mount is not made`;
}

function sysctlFailed(errno: string): string | undefined {
  switch (errno) {
    case 'ENOENT':
      return 'this kernel has no such parameter for a namespace of its own';
    case 'EINVAL':
      return 'the parameter does not take this value';
    case 'EACCES':
    case 'EPERM':
      return 'root of this user namespace may not set it';
    case 'EXDEV':
    case 'EROFS':
      return 'the /proc here is masked by mounts of an outer container: run that with unmasked /proc (--security-opt unmask=ALL)';
    default:
      return undefined;
  }
}

function labelRefused(pointer: string, errno: string): string | undefined {
  if (pointer === '/process/apparmorProfile') {
    return errno === 'ENOENT' ? 'no such profile is loaded: see aa-status' : undefined;
  }
  return errno === 'EINVAL' ? 'the loaded policy has no such label' : undefined;
}

function schedulingRefused(step: 'set-scheduler' | 'set-io-priority'): string {
  return step === 'set-scheduler'
    ? 'it takes CAP_SYS_NICE on the host, or RLIMIT_NICE and RLIMIT_RTPRIO that allow it; SCHED_DEADLINE also a free share of every CPU'
    : 'the class IOPRIO_CLASS_RT takes CAP_SYS_NICE on the host';
}

function cgroupRefused(errno: string): string | undefined {
  if (errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS') {
    return 'this cgroup is not delegated to you: run in a systemd user session, use --systemd-cgroup, or --cgroup-manager=disabled';
  }
  return undefined;
}

function filterRefused(errno: string): string | undefined {
  if (errno === 'EPERM') {
    return 'bpf(2) takes CAP_SYS_ADMIN and is forbidden by the seccomp filter of many an outer container: --cgroup-manager=disabled does without';
  }
  if (errno === 'EINVAL' || errno === 'ENOSYS') {
    return 'this kernel may lack CONFIG_CGROUP_BPF: --cgroup-manager=disabled does without';
  }
  return undefined;
}
