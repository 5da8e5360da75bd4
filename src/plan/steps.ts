// The contract: every step a launch plan can hold, its fields, and who carries it out.
//
// The tables below are the only definition. The TypeScript types, the encoder (wire.ts) and the
// C++ structs (scripts/generate-wire.ts → wire/steps.gen.h) are all derived from them. A change
// here is a change of the wire format: raise WIRE_VERSION.

import type { UnitProperty } from './systemd/property.js';

/** Version of the binary form; init refuses any other. */
export const WIRE_VERSION = 2;

/**
 * Field types of a step that crosses to native code.
 * `u32`, `u64`: unsigned (a u64 is a JavaScript number; 2^64 and above saturate, as in RLIM_INFINITY).
 * `i64`: signed. `flag`: boolean. `str`: UTF-8 without NUL. `bytes`: opaque.
 * `strs`, `u32s`: lists. `fd`: index into the descriptors handed over at launch (see `Slot`).
 */
export type FieldType = 'u32' | 'u64' | 'i64' | 'flag' | 'str' | 'bytes' | 'strs' | 'u32s' | 'fd';

/**
 * Run-time values that a plan names before they exist. Descriptors the runtime hands to init:
 * `start` – listening socket in the state directory that `start` connects to;
 * `cgroup` – directory of the container's cgroup; `container` – pidfd of a running container;
 * `root` – the root directory of that container's process.
 * `stamps` – memory for the times of init's steps.
 * Bytes: `seccomp` – the compiled filter.
 */
export type Slot = 'start' | 'cgroup' | 'container' | 'root' | 'stamps' | MountSlot;
/** A tree of the host with its ids mapped, opened by `open-mapped`. */
export type MountSlot = `mount-${number}`;

/** Steps that init carries out inside the new namespaces, in opcode order. */
export const initSteps = {
  // ---- namespaces -------------------------------------------------------------------------
  /** Opens a namespace to be joined later; checked to be nsfs of `type` (a CLONE_NEW* bit), and another one than the runtime's where `foreign`. `index` names it for `enter-namespace`. All are opened before the first is entered: privileges and the view of /proc change with each (setns(2)). */
  'open-namespace': { op: 1, fields: { path: 'str', type: 'u32', index: 'u32', foreign: 'flag' } },
  /** setns(2) to what `open-namespace` opened as `index`. */
  'enter-namespace': { op: 2, fields: { index: 'u32', type: 'u32' } },
  /** setns(2) by pidfd to the namespaces `flags` of a running container, in one call; before Linux 5.8 one by one through /proc/`pid`/ns. */
  'enter-container': { op: 3, fields: { container: 'fd', flags: 'u32', pid: 'u32' } },
  /** unshare(2). */
  unshare: { op: 4, fields: { flags: 'u32' } },
  /** /proc/self/timens_offsets through `open-proc`, after unshare(CLONE_NEWTIME) and before the fork that enters it (time_namespaces(7)). Seconds and nanoseconds per clock. */
  'set-time-offsets': {
    op: 5,
    fields: {
      monotonicSecs: 'i64',
      monotonicNanosecs: 'u32',
      boottimeSecs: 'i64',
      boottimeNanosecs: 'u32',
    },
  },
  /** clone3(2) with CLONE_PARENT and the namespaces `flags`; into the cgroup behind `cgroup` when `intoCgroup`. The child goes on with the next step, the runtime is told its pid. */
  fork: { op: 6, fields: { flags: 'u32', intoCgroup: 'flag', cgroup: 'fd' } },
  /** Group 0 and user 0 of the user namespace, once its maps are written. */
  'become-root': { op: 7, fields: {} },
  /** PR_SET_DUMPABLE 0: no process of a joined pid namespace, or of a container that waits to be started, can trace this one (CVE-2016-9962). */
  'forbid-tracing': { op: 8, fields: {} },
  /** setsid(2). */
  'new-session': { op: 9, fields: {} },
  /** A new session keyring (keyctl(2) KEYCTL_JOIN_SESSION_KEYRING), which has no name that others could have given to one before. */
  'new-keyring': { op: 10, fields: {} },
  /** Sets the loopback interface of a new network namespace up. */
  'set-loopback-up': { op: 11, fields: {} },
  'set-hostname': { op: 12, fields: { name: 'str' } },
  'set-domainname': { op: 13, fields: { name: 'str' } },

  // ---- root filesystem and mounts. Paths named `target` are resolved in the container's root by
  // openat2(2) RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS at the moment of use -----------------------
  /** Propagation of the whole tree as inherited: MS_* `flags` on / (mount_namespaces(7)). */
  'set-propagation': { op: 20, fields: { flags: 'u32' } },
  /** open_tree(2) clone of host path `source`, kept as `index` for a later `bind` or `open-root`: for sources that container root may not reach (needed before `become-root`). */
  'open-source': { op: 21, fields: { source: 'str', recursive: 'flag', index: 'u32' } },
  /** Makes the root filesystem a mount of its own and the root for every `target` that follows. From `index` if `opened`, else from path `source`. With `attach` false (no mount namespace of its own) it is only opened. */
  'open-root': { op: 22, fields: { source: 'str', opened: 'flag', index: 'u32', attach: 'flag' } },
  /** mkdir -p of `target` in the root, mode as given (octal permission bits). */
  'make-directory': { op: 23, fields: { target: 'str', mode: 'u32' } },
  /** A new file system: fsopen(2) `type`, fsconfig(2) of `options` ("key=value" or "flag"; `mode` alone: that of the directory at `target`, if there is one) and `source`, fsmount(2) with `attributes` (MOUNT_ATTR_*), move_mount(2) onto `target`, which is made (directory) when missing. Propagation: MS_* or 0. For `realTarget` (proc, sysfs) no component of the target may be a symbolic link (CVE-2023-28642). */
  'mount-filesystem': {
    op: 24,
    fields: {
      type: 'str',
      source: 'str',
      options: 'strs',
      attributes: 'u64',
      propagation: 'u32',
      target: 'str',
      realTarget: 'flag',
    },
  },
  /** Bind mount of host path `source` (or of `index` if `opened`): open_tree(2), mount_setattr(2), move_mount(2). `setAttributes`/`clearAttributes` on the mount itself, the `recursive…` ones on every mount below. The target is made (directory or empty file, as the source is) when missing. `sourceInRoot`: the source is a path in the container's root. `realTarget`: as for `mount-filesystem`; `onlyProc`: the source must be procfs (CVE-2019-16884). */
  'bind-mount': {
    op: 25,
    fields: {
      source: 'str',
      opened: 'flag',
      index: 'u32',
      sourceInRoot: 'flag',
      recursive: 'flag',
      setAttributes: 'u64',
      clearAttributes: 'u64',
      recursiveSetAttributes: 'u64',
      recursiveClearAttributes: 'u64',
      propagation: 'u32',
      target: 'str',
      realTarget: 'flag',
      onlyProc: 'flag',
    },
  },
  /** mknodat(2) of `target`; `mode` holds type (S_IFCHR, S_IFBLK, S_IFIFO) and permission bits. An existing identical node is kept, another file there is EEXIST. */
  'make-device': {
    op: 26,
    fields: { target: 'str', mode: 'u32', major: 'u32', minor: 'u32', uid: 'u32', gid: 'u32' },
  },
  /** Bind mount of the host's device node `source` onto an empty file at `target`, checked to be `major`:`minor` of type `mode`: where mknod(2) is not allowed (user namespace). */
  'bind-device': {
    op: 27,
    fields: { source: 'str', target: 'str', mode: 'u32', major: 'u32', minor: 'u32' },
  },
  /** symlinkat(2) `target` → `content`; an existing link of the same content is kept. */
  'make-symlink': { op: 28, fields: { target: 'str', content: 'str' } },
  /** A pseudo-terminal from the container's devpts at /dev/pts (checked to be devpts), its slave bound onto /dev/console when `bindConsole`, made stdin, stdout, stderr and controlling terminal; the master goes to the runtime. Size in character cells, 0 0 for that of the caller's terminal, if it has one. */
  'open-terminal': {
    op: 29,
    fields: { rows: 'u32', columns: 'u32', bindConsole: 'flag', uid: 'u32' },
  },
  /** Covers `target`: a file by the host's /dev/null (verified 1:3, CVE-2025-31133), a directory by one shared empty read-only tmpfs. Nothing where it does not exist. */
  'mask-path': { op: 30, fields: { target: 'str' } },
  /** Makes `target` and all below it read-only by a bind mount on itself. Nothing where it does not exist. */
  'make-read-only': { op: 31, fields: { target: 'str' } },
  /** pivot_root(2) into the root and detachment of the old one. */
  'pivot-root': { op: 32, fields: {} },
  /** For a root on a ramdisk: MS_MOVE onto / and chroot(2) (`--no-pivot`). */
  'move-root': { op: 33, fields: {} },
  /** chroot(2) only: no mount namespace of its own. */
  'change-root': { op: 34, fields: {} },
  /** The root of a running container that has no mount namespace to bring it along; `change-root` follows. */
  'take-root': { op: 90, fields: { root: 'fd' } },
  /** The root mount itself (not those below) read-only, through a descriptor taken before (CVE-2026-115521). */
  'make-root-read-only': { op: 35, fields: {} },
  /** Propagation MS_* of the container's / once it is root. */
  'set-root-propagation': { op: 36, fields: { flags: 'u32' } },

  /** What is mounted on one of `targets` from here on is kept open; `mask-path`, `make-read-only` and `change-mount` resolve paths at and below it from the mount itself, wherever its mount point has gone meanwhile. */
  'keep-mounts': { op: 39, fields: { targets: 'strs' } },
  /** Keeps what `open-mapped` opened as `index`, for a later `bind-mount`. */
  'take-source': { op: 37, fields: { index: 'u32', mount: 'fd' } },
  /** Changes the mount that is at `target` already: MOUNT_ATTR_* on it, the `recursive…` ones on every mount below; what is not named stays (mount_setattr(2)). */
  'change-mount': {
    op: 38,
    fields: {
      setAttributes: 'u64',
      clearAttributes: 'u64',
      recursiveSetAttributes: 'u64',
      recursiveClearAttributes: 'u64',
      propagation: 'u32',
      target: 'str',
    },
  },
  /** As `bind-mount` of a host path, minding symbolic links: with `copyLink` a source that is one is made again at `target` instead; with `sourceNoFollow` the link itself is bound, with `targetNoFollow` a link at `target` is mounted on. */
  'bind-link': {
    op: 56,
    fields: {
      source: 'str',
      copyLink: 'flag',
      sourceNoFollow: 'flag',
      targetNoFollow: 'flag',
      recursive: 'flag',
      setAttributes: 'u64',
      clearAttributes: 'u64',
      recursiveSetAttributes: 'u64',
      recursiveClearAttributes: 'u64',
      propagation: 'u32',
      target: 'str',
      realTarget: 'flag',
      onlyProc: 'flag',
    },
  },
  /** As `mount-filesystem` of a tmpfs, which before it is attached gets a copy of what is in `target`: with owners, modes, times and extended attributes, links as they are. */
  'mount-copy-up': {
    op: 54,
    fields: {
      type: 'str',
      source: 'str',
      options: 'strs',
      attributes: 'u64',
      propagation: 'u32',
      target: 'str',
      realTarget: 'flag',
    },
  },
  /** mount(2) on the directory behind `target`, for what fsconfig(2) cannot say: values above 255 bytes, MS_I_VERSION, MS_SILENT, and MS_REMOUNT of a whole file system. The target is made when missing, except for MS_REMOUNT. */
  'mount-at-once': {
    op: 55,
    fields: {
      type: 'str',
      source: 'str',
      data: 'str',
      flags: 'u32',
      propagation: 'u32',
      target: 'str',
      realTarget: 'flag',
    },
  },

  // ---- process ------------------------------------------------------------------------------
  /** Closes every descriptor but those that the program keeps, the socket and `start`. From here on paths of the container are resolved by the kernel alone, that of the program, of its interpreter and those in links too: none may lead to what is the host's through /proc/self/fd (CVE-2024-21626). */
  'close-descriptors': { op: 57, fields: { start: 'fd' } },
  /** prlimit(2): RLIMIT_* number, soft and hard limit. */
  'set-rlimit': { op: 40, fields: { resource: 'u32', soft: 'u64', hard: 'u64' } },
  /** umask(2). */
  'set-umask': { op: 41, fields: { mask: 'u32' } },
  /** PR_SET_NO_NEW_PRIVS. */
  'forbid-new-privileges': { op: 42, fields: {} },
  /** Drops from the bounding set what is not in the bit set `keep` (bit n = capability n). */
  'set-bounding': { op: 43, fields: { keep: 'u64' } },
  /** setgroups(2) when `setGroups`, setresgid(2), setresuid(2), keeping capabilities until `set-capabilities`. */
  'set-user': { op: 44, fields: { uid: 'u32', gid: 'u32', setGroups: 'flag', groups: 'u32s' } },
  /** capset(2) and the ambient set, bit sets. */
  'set-capabilities': {
    op: 45,
    fields: { effective: 'u64', permitted: 'u64', inheritable: 'u64', ambient: 'u64' },
  },
  /** chdir(2), then verified to be inside the root (CVE-2024-21626). With `early`, lack of rights is left to a later one, which does nothing where the first succeeded. */
  'set-cwd': { op: 46, fields: { path: 'str', early: 'flag' } },
  /** Finds the program as execvp(3) would with `searchPath`; fails as exec would, before start. */
  'find-program': { op: 47, fields: { program: 'str', searchPath: 'str' } },
  /** Tells the runtime that all before is done and waits for its word to go on; if the runtime is gone, init ends. */
  'report-ready': { op: 48, fields: {} },
  /** Waits for a connection to the `start` socket; what fails from here on is told to `start`. */
  'await-start': { op: 49, fields: { start: 'fd' } },
  /** seccomp(2) SECCOMP_SET_MODE_FILTER with SECCOMP_FILTER_FLAG_* `flags`; `filter` is an array of struct sock_filter. With a listener the runtime, or who says start, is given its descriptor, and init waits for its word. */
  'load-seccomp': { op: 50, fields: { flags: 'u32', filter: 'bytes' } },
  /** execve(2) of the program found, with `listenFds` LISTEN_PID is set to the own pid. Every descriptor from 3 + `preserve` on is closed by then. */
  execute: {
    op: 51,
    fields: { arguments: 'strs', environment: 'strs', preserve: 'u32', listenFds: 'u32' },
  },
  /** The runtime carries out a step of its own here; init waits for its word. Written by the encoder for any runtime step that stands after the first init step. */
  'await-runtime': { op: 52, fields: {} },
  /** Runs `path` with exactly these arguments (argv[0] too) and this environment, stdin the texts of `state` with the own pid between each two, outputs kept for a failure, and waits for it; killed with all it started after `timeout` seconds (0 for none). Working directory: `directory` (/ where that is gone), or the container's root being built when `inRoot`. `bound`: ends with who is at the other end of the socket, and with the process behind `container` where that is given. `hide`: closes all that is the host's and forbids tracing first. `pointer`: for a reader of the failure who has no plan. */
  'run-hook': {
    op: 85,
    fields: {
      path: 'str',
      arguments: 'strs',
      environment: 'strs',
      timeout: 'u32',
      state: 'strs',
      directory: 'str',
      inRoot: 'flag',
      bound: 'flag',
      container: 'fd',
      hide: 'flag',
      pointer: 'str',
    },
  },
  /** HOME for `execute`: that of `uid` in the container's /etc/passwd, or `/`. */
  'find-home': { op: 53, fields: { uid: 'u32' } },

  // ---- what goes through procfs, and how the process is scheduled ------------------------------
  /** A procfs of this process alone, for all that is later written to /proc: fsopen(2) in the pid namespace of now, mounted nowhere, with subset=pid unless `complete`. Where that is refused the /proc that is visible now, checked to be the root of a procfs; nothing mounted below it is ever entered (CVE-2019-16884, CVE-2025-52881). */
  'open-proc': { op: 60, fields: { complete: 'flag' } },
  /** Writes `value` to `path` below /proc/sys, in one write(2). */
  'set-sysctl': { op: 61, fields: { path: 'str', value: 'str' } },
  /** Writes `value` to the first of `paths` below /proc/self that there is: labels of security modules (proc_pid_attr(5)). */
  'write-attribute': { op: 62, fields: { paths: 'strs', value: 'str' } },
  /** personality(2). */
  'set-personality': { op: 63, fields: { persona: 'u32' } },
  /** set_mempolicy(2): MPOL_* with MPOL_F_*, and the numbers of NUMA nodes. */
  'set-memory-policy': { op: 64, fields: { mode: 'u32', nodes: 'u32s' } },
  /** sched_setattr(2): SCHED_* number, SCHED_FLAG_*, times in nanoseconds. */
  'set-scheduler': {
    op: 65,
    fields: {
      policy: 'u32',
      flags: 'u64',
      nice: 'i64',
      priority: 'u32',
      runtime: 'u64',
      deadline: 'u64',
      period: 'u64',
    },
  },
  /** ioprio_set(2): IOPRIO_CLASS_* number and level. */
  'set-io-priority': { op: 66, fields: { ioClass: 'u32', level: 'u32' } },
  /** sched_setaffinity(2): numbers of CPUs. */
  'set-affinity': { op: 67, fields: { cpus: 'u32s' } },

  /** Maps the memory behind `memory` and writes into it when each of the `count` steps was done (`--trace`). */
  'stamp-steps': { op: 120, fields: { memory: 'fd', count: 'u32' } },
} as const satisfies Record<string, StepShape>;

/** Steps of the helper that stays with a foreground container, in the order of execution. */
export const attendSteps = {
  /** Waits for the container's process `pid`, forwarding signals; its status becomes the exit code. */
  'wait-process': { op: 100, fields: { pid: 'u32' } },
  /** As `wait-process`, and relays between the caller's terminal and the pseudo-terminal behind `master`. */
  'relay-terminal': { op: 101, fields: { pid: 'u32', master: 'fd' } },
  /** Writes `text` to stderr when the process was killed by SIGKILL and `events`, the memory.events of its cgroup, says that the kernel did so for want of memory. */
  'tell-of-memory': { op: 110, fields: { events: 'str', text: 'str' } },
  /** Kills every process of a cgroup (cgroup.kill, or a walk where the kernel has none) and waits for it to be empty. */
  'kill-cgroup': { op: 102, fields: { path: 'str' } },
  /** Removes a cgroup and those below it; that of a `unit` once systemd has had time to see that it is empty and to do it. */
  'remove-cgroup': { op: 103, fields: { path: 'str', unit: 'flag' } },
  /** rmdir(2) of a cgroup or the like, which stays where something still uses it. */
  'remove-unused': { op: 79, fields: { path: 'str' } },
  /** Removes a directory of plain files (the container's state). */
  'remove-directory': { op: 104, fields: { path: 'str' } },
  /** Waits for the lock on `directory`; what follows is left out when that is no longer at `path`: another command has removed the container. */
  'lock-directory': { op: 105, fields: { path: 'str', directory: 'fd' } },
  /** As init's `run-hook`; a failure is told on stderr and changes nothing else. */
  'run-poststop-hook': {
    op: 106,
    fields: {
      path: 'str',
      arguments: 'strs',
      environment: 'strs',
      timeout: 'u32',
      state: 'strs',
      directory: 'str',
      pointer: 'str',
    },
  },
  /** Adds an event to the trace behind `file` for each step that follows: the n-th of `events`, JSON without its end, with the time; `exit`, likewise, with the container's status. At the end `view` goes to stderr, with the n-th of `rows` and the time for each step; an empty one does not. */
  'trace-steps': {
    op: 121,
    fields: { file: 'fd', events: 'strs', exit: 'str', view: 'str', rows: 'strs' },
  },
} as const satisfies Record<string, StepShape>;

/** Opcode and fields of a step; the fields cross in the order written. */
export interface StepShape {
  readonly op: number;
  readonly fields: Readonly<Record<string, FieldType>>;
}

interface FieldValue {
  u32: number;
  u64: number;
  i64: number;
  flag: boolean;
  str: string;
  bytes: Uint8Array;
  strs: readonly string[];
  u32s: readonly number[];
  fd: Slot;
}

/** Where a step comes from: the JSON pointer into config.json, or the default that asked for it. */
export interface Origin {
  /** RFC 6901 pointer into config.json. */
  readonly pointer?: string;
  /** Name of the default, when config.json did not ask for it: `default devices`. */
  readonly because?: string;
}

type StepOf<Table extends Record<string, StepShape>> = {
  [Name in keyof Table]: { readonly step: Name } & Origin & {
      readonly [Field in keyof Table[Name]['fields']]: FieldValue[Table[Name]['fields'][Field] &
        FieldType];
    };
}[keyof Table];

/** What init does. */
export type InitStep =
  | StepOf<Omit<typeof initSteps, 'load-seccomp' | 'await-runtime'>>
  | LoadSeccomp;
/** What the foreground helper does. */
export type AttendStep = { [S in AttendNames]: AttendOf<S> }[AttendNames];
type AttendNames = keyof typeof attendSteps;
type AttendOf<S extends AttendNames> = Omit<
  StepOf<Pick<typeof attendSteps, S>>,
  'master' | 'file' | (S extends 'lock-directory' ? 'directory' : never)
> &
  (S extends 'relay-terminal' ? { readonly master: 'terminal' } : unknown) &
  (S extends 'lock-directory' ? { readonly directory: 'directory' } : unknown) &
  (S extends 'trace-steps' ? { readonly file: 'trace' } : unknown);

/** In the plan the filter is a slot: its bytes come from `compile-seccomp`. */
export interface LoadSeccomp extends Origin {
  readonly step: 'load-seccomp';
  readonly filter: 'seccomp';
  readonly listener?: Listener;
}

/** The agent that decides about calls with SCMP_ACT_NOTIFY (config-linux.md#containerprocessstate). */
export interface Listener {
  /** The socket that it listens on. */
  readonly path: string;
  /** The container process state, in parts around the pid. */
  readonly message: readonly string[];
}

/** One range of a user or group map (user_namespaces(7)). */
export interface IdRange {
  readonly containerId: number;
  readonly hostId: number;
  readonly size: number;
}

/** A program of config.json's `hooks` (config.md#posix-platform-hooks). */
export interface Hook extends Origin {
  /** Absolute. */
  readonly path: string;
  /** argv, the first one too. */
  readonly arguments: readonly string[];
  readonly environment: readonly string[];
  /** Seconds; 0 for no limit. */
  readonly timeout: number;
  /** The state object, parted where the pid stands that its reader sees; whole where there is none. */
  readonly state: readonly string[];
  readonly directory: string;
  readonly pointer: string;
}

/** A hook in the runtime's namespaces. */
export interface RuntimeHook extends Hook {
  readonly step: 'run-runtime-hook';
}

/** Has systemd put the process into a new transient unit `unit` with these properties, whose cgroup is then the container's: `path`, unless systemd says another. `uid` is the user's on the host. */
export interface StartScope extends Origin {
  readonly step: 'start-scope';
  readonly unit: string;
  readonly slice: string;
  readonly manager: 'system' | 'user';
  readonly uid: number;
  readonly path: string;
  readonly properties: readonly UnitProperty[];
}

/** Steps of the runtime process itself. */
export type RuntimeStep = Origin &
  (
    | {
        /** Makes the container's cgroup (path below the cgroup2 mount, absolute on the host). `optional`: the container runs without when it cannot be made. */
        readonly step: 'create-cgroup';
        readonly path: string;
        readonly optional: boolean;
      }
    | StartScope
    | {
        /** Lets the processes of the cgroup use only the devices that `rules` allow, the last match counting (BPF_PROG_TYPE_CGROUP_DEVICE). Nothing where an optional cgroup could not be made. */
        readonly step: 'limit-devices';
        readonly rules: readonly import('./device-rules.js').DeviceRule[];
      }
    | {
        /** Hands the controllers down to the cgroup at `path` and sets its limits, when init has set everything up: what that takes is not counted. Without a cgroup each is a warning, with `strict` an error. `properties`: the same for systemd, where the cgroup is a unit's. */
        readonly step: 'limit-cgroup';
        readonly path: string;
        readonly properties?: readonly UnitProperty[];
        readonly writes: readonly import('./resources/limits.js').CgroupWrite[];
        readonly strict: boolean;
      }
    | {
        /** Hands the controllers that can be had down to the cgroup at `path`, and gives it with the files of /sys/kernel/cgroup/delegate to user `uid` of the container (config-linux.md#cgroup-ownership). */
        readonly step: 'own-cgroup';
        readonly path: string;
        readonly uid: number;
      }
    | {
        /** profile → filter, into slot `seccomp`. The profile is config.json's own. */
        readonly step: 'compile-seccomp';
        readonly profile: import('../spec/config/seccomp.js').Seccomp;
      }
    | {
        /** Puts the process into the group `path` of resctrl, made where it is missing if `make`. `base`: lines for the schemata file of a new group, which one that is there must match; `schemata`: lines written last. `monitor`: a group below that monitors it, or empty. */
        readonly step: 'join-resctrl';
        readonly path: string;
        readonly make: boolean;
        readonly base: readonly string[];
        readonly schemata: readonly string[];
        readonly monitor: string;
      }
    | {
        /** Moves the runtime's network `device` to the container's network namespace, where it is called `name` (`%d` at its end: the first free number) and up. MTU, hardware address and permanent global addresses stay. */
        readonly step: 'move-network-device';
        readonly device: string;
        readonly name: string;
      }
    | {
        /** Listens on `start.sock` in the state directory, into slot `start`. */
        readonly step: 'listen-start';
      }
    | {
        /** Makes memory for the times of `count` steps, into slot `stamps`. */
        readonly step: 'open-stamps';
        readonly count: number;
      }
    | {
        /** open_tree(2) clone of host path `source` with its ids mapped (MOUNT_ATTR_IDMAP), on the mounts below too with `mapAll`, into `slot`. The maps are those of the user namespace `namespace`, or of one made for them. Propagation MS_* on all of it, 0 for as it is. */
        readonly step: 'open-mapped';
        readonly source: string;
        readonly recursive: boolean;
        readonly mapAll: boolean;
        readonly propagation: number;
        readonly namespace?: string;
        readonly uid: readonly IdRange[];
        readonly gid: readonly IdRange[];
        readonly slot: MountSlot;
      }
    | {
        /** clone3(2) of init with the new namespaces `flags` (CLONE_NEW*), directly into the cgroup when one was made. */
        readonly step: 'clone';
        readonly flags: number;
        readonly intoCgroup: boolean;
      }
    | {
        /** Writes the maps of the new user namespace. `direct`: /proc/PID/*_map; `helper`: newuidmap(1), newgidmap(1); `single`: own id only, setgroups denied first. */
        readonly step: 'write-id-maps';
        readonly method: 'direct' | 'helper' | 'single';
        readonly uid: readonly IdRange[];
        readonly gid: readonly IdRange[];
      }
    | {
        /** oom_score_adj of the process, by the runtime: what it may lower, root of a user namespace may not (proc_pid_oom_score_adj(5)). */
        readonly step: 'set-oom-score';
        readonly score: number;
      }
    | {
        /** Writes down the container's pid; from here `delete --force` finds it. */
        readonly step: 'save-state';
      }
    | RuntimeHook
  );

/** A step of a launch plan. */
export type Step = RuntimeStep | InitStep;

/** Names of init's steps, to tell the actors apart. */
export function isInitStep(step: Step): step is InitStep {
  return Object.hasOwn(initSteps, step.step);
}
