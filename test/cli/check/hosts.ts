// Machines as `check` finds them, each a few facts away from a usual one.

import { readFileSync } from 'node:fs';
import type { Survey } from '../../../src/cli/check/survey.js';
import type { Failure } from '../../../src/failure.js';
import type { HostFacts } from '../../../src/host/facts.js';

export const fixtures = new URL('../../../spec-fixtures/', import.meta.url).pathname;

const host = (name: string): HostFacts =>
  JSON.parse(readFileSync(`${fixtures}hosts/${name}.json`, 'utf8'));

const NAMES = [
  ...[
    'user',
    'mnt',
    'pid',
    'net',
    'ipc',
    'uts',
    'cgroup',
    'time',
    'hostname',
    'mount-proc',
    'mount-sysfs',
  ],
  ...['mount-tmpfs', 'mount-devpts', 'mount-devpts-gid', 'mount-mqueue', 'mount-cgroup2'],
  ...['mount-overlay', 'openat2', 'clone3', 'close_range', 'pidfd', 'seccomp', 'seccomp-notify'],
  ...['keyring', 'device-filter', 'setns', 'mount-api'],
];

const worked: Survey['tried'] = Object.fromEntries(NAMES.map((name) => [name, null]));
const failed = (syscall: string, errno: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { syscall, errno }]));

const root: Survey = {
  host: host('root'),
  release: '6.12.48+deb13-amd64',
  namespaces: {
    kinds: ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'],
    limits: { user: 127235, mnt: 127235, pid: 127235, net: 127235 },
    switchedOff: false,
    apparmorRestricts: false,
    chroot: false,
    filtered: false,
    mapped: true,
    unmappableRoot: false,
  },
  tried: worked,
  unexecuted: null,
  needs: {
    namespaces: ['mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup'],
    mounts: ['proc', 'tmpfs', 'devpts', 'mqueue', 'sysfs', 'cgroup2'],
    cgroup: true,
    systemd: false,
    hostname: true,
    deviceFilter: true,
  },
  ids: { mappedMount: null },
  cgroup: { path: '/sys/fs/cgroup', made: null, kill: true, handsDown: true },
  systemd: { booted: true, unreached: null, runtimeDirectory: '/run/user/0', lingers: false },
  surroundings: { proc: null, sysfs: null, procOptions: [], tun: null },
  places: {
    root: '/run/sampan',
    unwritable: null,
    here: '/srv/bundle',
    mount: '/',
    options: ['rw', 'relatime'],
  },
  trial: null,
};

const user: Survey = {
  ...root,
  host: host('user'),
  tried: {
    ...worked,
    ...failed('mount', 'EINVAL', ['mount-devpts-gid']),
    ...failed('bpf', 'EPERM', ['device-filter']),
  },
  needs: {
    namespaces: ['user', 'mnt', 'pid', 'ipc', 'uts', 'cgroup'],
    mounts: ['proc', 'tmpfs', 'devpts', 'mqueue', 'cgroup2'],
    cgroup: false,
    systemd: false,
    hostname: true,
    deviceFilter: false,
  },
  ids: { ranges: null },
  cgroup: {
    path: '/sys/fs/cgroup/user.slice/user-1000.slice/session-1.scope',
    made: { syscall: 'mkdir', errno: 'EACCES' },
    kill: false,
    handsDown: false,
  },
  systemd: { ...root.systemd, runtimeDirectory: '/run/user/1000', lingers: true },
  places: { ...root.places, root: '/run/user/1000/sampan', here: '/home/ada' },
};

const refused = (syscall: string, errno: string, cause: string): Failure => ({
  ...{ doing: 'make new namespaces', syscall, errno, cause, pointer: '/linux/namespaces' },
});
const inNamespaces = NAMES.slice(0, 17).concat('setns', 'mount-api');

/** By name; each has a table in spec-fixtures/check. */
export const hosts: Readonly<Record<string, Survey>> = {
  root,
  user,
  'user-of-ubuntu': {
    ...user,
    namespaces: { ...user.namespaces, apparmorRestricts: true },
    tried: { ...user.tried, ...failed('/proc/self/uid_map', 'EPERM', inNamespaces) },
    trial: { ...refused('setresuid', 'EPERM', 'operation not permitted'), doing: 'become root' },
  },
  'user-without-keys': {
    ...user,
    tried: { ...user.tried, ...failed('keyctl', 'EDQUOT', ['keyring']) },
    trial: { doing: 'new keyring', syscall: 'keyctl', errno: 'EDQUOT', cause: 'quota exceeded' },
  },
  'user-namespaces-switched-off': {
    ...user,
    namespaces: { ...user.namespaces, limits: { ...user.namespaces.limits, user: 0 } },
    tried: { ...user.tried, ...failed('unshare', 'ENOSPC', inNamespaces) },
    ids: {
      ...user.ids,
      ranges: {
        doing: 'make a user namespace',
        syscall: 'clone3',
        errno: 'ENOSPC',
        cause: 'no space left on device',
      },
    },
    trial: refused('clone3', 'ENOSPC', 'no space left on device'),
  },
  'user-without-ranges': {
    ...user,
    host: {
      ...user.host,
      subordinateIds: { free: 231_072, uid: [], gid: [{ start: 100_000, count: 1000 }] },
      idMapHelpers: { uid: '/usr/bin/newuidmap' },
    },
    ids: {},
    systemd: {
      booted: true,
      unreached: {
        doing: "connect to systemd's user manager",
        path: '/run/user/1000/systemd/private',
        syscall: 'connect',
        errno: 'ENOENT',
        cause: 'it does not run here',
        remedy: 'use --cgroup-manager=cgroupfs',
      },
      runtimeDirectory: '',
      lingers: false,
    },
    places: {
      ...user.places,
      root: '',
      unwritable: {
        doing: 'find the state directory',
        cause: 'XDG_RUNTIME_DIR is not set to an absolute path',
        remedy: 'give --root DIR',
      },
      mount: '/home',
      options: ['rw', 'nosuid', 'noexec'],
    },
  },
  'helpers-without-rights': {
    ...user,
    ids: {
      ...user.ids,
      ranges: {
        doing: 'write id maps with /usr/bin/newuidmap',
        cause: 'newuidmap: write to uid_map failed: Operation not permitted',
        remedy: 'see that the ranges are yours',
      },
    },
  },
  'in-docker': {
    ...root,
    release: '5.15.0-91-generic',
    host: {
      ...host('nested'),
      privileged: false,
      inUserNamespace: false,
      missingCapabilities: [21],
    },
    namespaces: { ...root.namespaces, filtered: true },
    tried: {
      ...worked,
      ...failed('unshare', 'EPERM', inNamespaces),
      ...failed('clone3', 'ENOSYS', ['clone3']),
    },
    needs: user.needs,
    ids: {},
    cgroup: { made: { syscall: 'mount', errno: 'ENOENT' }, kill: false, handsDown: false },
    systemd: {
      ...root.systemd,
      booted: false,
      unreached: { doing: 'connect', cause: 'it does not run here' },
    },
    surroundings: {
      container: 'docker',
      proc: { covered: ['/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/timer_list'] },
      sysfs: { covered: ['/sys/firmware'] },
      procOptions: [],
      tun: { syscall: 'open', errno: 'ENOENT' },
    },
    trial: refused('clone', 'EPERM', 'operation not permitted'),
  },
  'in-rootless-podman': {
    ...root,
    host: {
      ...host('nested'),
      mappedIds: { uid: [{ start: 0, count: 1 }], gid: [{ start: 0, count: 1 }] },
    },
    tried: {
      ...worked,
      ...failed('mount', 'EPERM', ['mount-proc', 'mount-sysfs']),
      ...failed('mount', 'EINVAL', ['mount-devpts-gid']),
    },
    needs: {
      ...root.needs,
      mounts: ['tmpfs', 'devpts', 'mqueue'],
      cgroup: false,
      deviceFilter: false,
    },
    ids: {},
    cgroup: {
      path: '/sys/fs/cgroup',
      made: { syscall: 'mkdir', errno: 'EROFS' },
      kill: false,
      handsDown: false,
    },
    systemd: {
      ...root.systemd,
      booted: false,
      unreached: { doing: 'connect', cause: 'it does not run here' },
    },
    surroundings: {
      container: 'podman',
      proc: { covered: ['/proc/acpi', '/proc/kcore'] },
      sysfs: { covered: [] },
      procOptions: ['hidepid=invisible'],
      tun: null,
    },
  },
  'older-kernel': {
    ...root,
    release: '5.4.0-1045-aws',
    host: {
      ...root.host,
      selinux: false,
      cgroup: { layout: 'hybrid', mount: '/sys/fs/cgroup/unified', own: '/' },
      cgroupControllers: {
        available: [],
        version1: { cpu: '', memory: '', io: '', pids: '', cpuset: '' },
      },
    },
    namespaces: {
      ...root.namespaces,
      kinds: root.namespaces.kinds.filter((kind) => kind !== 'time'),
    },
    tried: {
      ...worked,
      ...failed('openat2', 'ENOSYS', ['openat2']),
      ...failed('mount_setattr', 'ENOSYS', ['mount-api']),
      ...failed('close_range', 'ENOSYS', ['close_range']),
      ...failed('setns', 'EINVAL', ['setns']),
      ...failed('seccomp', 'EOPNOTSUPP', ['seccomp-notify']),
      ...failed('mount', 'EPERM', ['mount-overlay']),
      ...failed('unshare', 'EINVAL', ['time']),
    },
    ids: { ...root.ids, mappedMount: { syscall: 'mount_setattr', errno: 'ENOSYS' } },
    cgroup: { path: '/sys/fs/cgroup/unified', made: null, kill: false, handsDown: true },
  },
  'no-program-in-memory': {
    ...root,
    tried: {},
    unexecuted: {
      doing: 'execute init',
      path: 'sampan',
      syscall: 'memfd_create',
      errno: 'EACCES',
      cause: 'permission denied',
    },
    trial: refused('memfd_create', 'EACCES', 'permission denied'),
  },
};
