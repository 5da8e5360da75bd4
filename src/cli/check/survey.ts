// What `check` finds out about a machine. Values only: what they mean is said in findings/.

import type { Failure } from '../../failure.js';
import type { HostFacts } from '../../host/facts.js';
import type { Hidden } from '../../host/kernel-views.js';
import type { NamespaceFacts } from '../../host/namespace-facts.js';

/** How something went that was tried: null where it worked. */
export type Tried = { readonly syscall: string; readonly errno: string } | null;

/** All of it. */
export interface Survey {
  /** What plans are compiled from. */
  readonly host: HostFacts;
  /** Of the kernel: `6.1.0-18-amd64`. */
  readonly release: string;
  readonly namespaces: NamespaceFacts;
  /** By name, what the static program tried (addon/probe); empty where that could not be executed. */
  readonly tried: Readonly<Record<string, Tried>>;
  /** Why the static program could not be executed. */
  readonly unexecuted: Failure | null;
  /** What the plan of a default container here asks for. */
  readonly needs: Needs;
  readonly ids: IdSurvey;
  readonly cgroup: CgroupSurvey;
  readonly systemd: SystemdSurvey;
  readonly surroundings: Surroundings;
  readonly places: Places;
  /** A default container, run for real: null where it ran, absent where that could not be tried. */
  readonly trial?: Failure | null;
}

/** From the steps of the plan. */
export interface Needs {
  /** As in /proc/PID/ns. */
  readonly namespaces: readonly string[];
  /** Types of file systems. */
  readonly mounts: readonly string[];
  /** Whether it cannot do without a cgroup of its own. */
  readonly cgroup: boolean;
  /** Whether systemd makes that. */
  readonly systemd: boolean;
  /** Whether it sets a hostname. */
  readonly hostname: boolean;
  /** Whether it cannot do without a filter of its devices. */
  readonly deviceFilter: boolean;
}

export interface IdSurvey {
  /** The ranges of subuid(5), written for real by the helpers; absent where there are none to try. */
  readonly ranges?: Failure | null;
  /** mount_setattr(2) with MOUNT_ATTR_IDMAP of the current directory; absent for who is not root. */
  readonly mappedMount?: Tried;
}

export interface CgroupSurvey {
  /** Where containers' cgroups are made; absent where there is no cgroup2. */
  readonly path?: string;
  /** A cgroup was made there and removed. */
  readonly made: Tried;
  /** Whether it had cgroup.kill. */
  readonly kill: boolean;
  /** Whether controllers can be handed down to it. */
  readonly handsDown: boolean;
}

export interface SystemdSurvey {
  /** Whether the machine was booted with it (sd_booted(3)). */
  readonly booted: boolean;
  /** Why the manager of this caller's units could not be spoken to. */
  readonly unreached: Failure | null;
  readonly runtimeDirectory: string;
  /** Whether the user's manager and containers outlive the session. */
  readonly lingers: boolean;
}

export interface Surroundings {
  /** The engine of an outer container: `docker`, `podman`, `lxc`, or `unknown`. */
  readonly container?: string;
  /** What hinders a new proc or sysfs in a user namespace; null where nothing does. */
  readonly proc: Hidden | null;
  readonly sysfs: Hidden | null;
  /** hidepid= and subset= of /proc. */
  readonly procOptions: readonly string[];
  /** Whether /dev/net/tun can be opened. */
  readonly tun: Tried;
}

export interface Places {
  /** The state root, where there is such a place. */
  readonly root: string;
  /** Why nothing can be written there. */
  readonly unwritable: Failure | null;
  /** The current directory and the options of its mount. */
  readonly here: string;
  readonly mount: string;
  readonly options: readonly string[];
}
