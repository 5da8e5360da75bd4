// What `audit` finds out about a running container. Values only: what they mean is said in warnings/.

import type { Config } from '../../spec/types.js';
import type { MountFact } from './mountinfo.js';

/** All of it. */
export interface AuditFacts {
  readonly id: string;
  /** As saved when the container was made. */
  readonly config: Config;
  /** The first is the container's own process. */
  readonly processes: readonly [ProcessFacts, ...ProcessFacts[]];
  /** Links of /proc/PID/ns by kind; null where that may not be read. */
  readonly namespaces: Readonly<Record<string, string | null>>;
  readonly uidMap: string;
  readonly gidMap: string;
  readonly mounts: readonly MountFact[];
  /** Nodes in /dev and mounted ones. */
  readonly devices: readonly DeviceFact[];
  /** Absolute path of its own cgroup; without one there is no filter of devices. */
  readonly cgroup?: string;
  /** /proc/PID/attr/current; empty where no security module has a word for it. */
  readonly label: string;
  readonly host: HostSide;
}

/** Of /proc/PID/status. */
export interface ProcessFacts {
  readonly pid: number;
  /** Real, effective, saved and file system id, as the auditor sees them. */
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  readonly groups: readonly number[];
  /** Bit sets in hexadecimal, as they are there. */
  readonly capabilities: Readonly<Record<SetName, string>>;
  readonly noNewPrivileges: boolean;
  /** 0 none, 1 strict, 2 a filter; null where the kernel has no word for it. */
  readonly seccomp: number | null;
}

/** Sets of capabilities as /proc/PID/status calls them. */
export type SetName = 'CapInh' | 'CapPrm' | 'CapEff' | 'CapBnd' | 'CapAmb';

/** A device node. */
export interface DeviceFact {
  readonly path: string;
  readonly type: 'b' | 'c';
  readonly major: number;
  readonly minor: number;
}

/** What the container is held against: the place where `audit` runs. */
export interface HostSide {
  readonly namespaces: Readonly<Record<string, string | null>>;
  readonly uidMap: string;
  readonly mounts: readonly MountFact[];
  readonly lastCapability: number;
  /** The sockets that there are of those that control the machine. */
  readonly sockets: readonly string[];
  /** The files there are of those through which the kernel executes programs; not every kernel has all. */
  readonly kernelFiles: readonly string[];
  /** The caller's home directory, empty where there is none. */
  readonly home: string;
  /** Whether a security module is on. */
  readonly confines: boolean;
}
