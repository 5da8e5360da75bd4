// What a plan depends on of this machine. Values only: `compile` never looks for itself.

/** Ids one after the other: a line of /etc/subuid that is ours (subuid(5)), ids of a user namespace. */
export interface SubIdRange {
  readonly start: number;
  readonly count: number;
}

/** Facts about the host and the caller. */
export interface HostFacts {
  /** Effective user and group of the caller. */
  readonly uid: number;
  readonly gid: number;
  /** Whether the caller has every capability over its own user namespace that a root runtime needs. */
  readonly privileged: boolean;
  /** Whether the caller's user namespace is not the initial one. */
  readonly inUserNamespace: boolean;
  /** The ids that there are in it. */
  readonly mappedIds: { readonly uid: readonly SubIdRange[]; readonly gid: readonly SubIdRange[] };
  /** Whether setgroups(2) is allowed in it. */
  readonly setgroups: boolean;
  /** Whether no setuid program gives rights to the caller (PR_SET_NO_NEW_PRIVS). */
  readonly noNewPrivileges: boolean;
  /** Highest capability the kernel knows (/proc/sys/kernel/cap_last_cap). */
  readonly lastCapability: number;
  /** Those up to it that the caller lacks, so that it cannot give them without a user namespace. */
  readonly missingCapabilities: readonly number[];
  /**
   * The limit on open files that the container is to have, absent where it inherits that anyway: Node
   * has raised its own soft limit before anything could read it, so this is the parent's.
   */
  readonly openFiles?: { readonly soft: number; readonly hard: number } | undefined;
  /** Whether the security modules are on, so that a process can be given a profile or label. */
  readonly apparmor: boolean;
  readonly selinux: boolean;
  /** cgroup layout and where the caller is in it. */
  readonly cgroup: {
    readonly layout: 'v2' | 'hybrid' | 'v1' | 'none';
    /** Mount point of cgroup2, absent where there is none. */
    readonly mount?: string;
    /** Own cgroup below that mount, `/` for its root. */
    readonly own?: string;
  };
  /**
   * Controllers of version 2 that a cgroup of ours can have, and those bound to version 1 instead, with
   * the mount point of that hierarchy, empty where there is none.
   */
  readonly cgroupControllers: {
    readonly available: readonly string[];
    readonly version1: Readonly<Record<string, string>>;
  };
  /** For a container that is a unit of systemd. */
  readonly systemd: {
    /** Whose units the caller makes. */
    readonly manager: 'system' | 'user';
    /** The caller's uid in the initial user namespace. */
    readonly uid: number;
    /** The manager's cgroup below the mount, empty for the top, and the controllers in it. */
    readonly cgroup: string;
    readonly controllers: readonly string[];
  };
  /** Mount point of resctrl, absent where there is none. */
  readonly resctrl?: string | undefined;
  /** Login name of the caller; absent where no name service has one. */
  readonly userName?: string | undefined;
  /** The group that newuidmap(1) wants the caller to be in; absent where any will do. */
  readonly loginGroup?: number | undefined;
  /** Ranges of /etc/subuid and /etc/subgid of the caller. */
  readonly subordinateIds: {
    readonly uid: readonly SubIdRange[];
    readonly gid: readonly SubIdRange[];
    /** The first id above all that anybody has been granted. */
    readonly free: number;
  };
  /** Absolute paths of newuidmap(1) and newgidmap(1), absent where not installed. */
  readonly idMapHelpers: { readonly uid?: string; readonly gid?: string };
}
