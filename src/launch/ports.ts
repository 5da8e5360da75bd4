// What a launch needs from those who ask for it, and what it gives back.

import type { Unit } from '../cgroup/systemd/manager.js';
import type { Failure } from '../failure.js';
import type { ProcessIdentity } from '../host/process.js';
import type { MemoryLimit } from './limits-reached.js';

/** A cgroup for the process to be born in; launch() closes its directory. */
export interface EnteredCgroup {
  readonly fd: number;
  /** Missing where it is too long or no text. */
  readonly path?: string;
}

/** The launch's connections to the state of the container. */
export interface Ports {
  /** Descriptor of the state directory, for `listen-start`. */
  readonly directory?: number;
  /** For `exec`: the container's process and, where it has one, its cgroup. */
  readonly container?: {
    readonly process: ProcessIdentity;
    readonly cgroup?: EnteredCgroup;
    /** Where the cgroup is a unit's that the caller may not be able to enter by itself. */
    readonly unit?: Unit;
  };
  /** Descriptors 3 … 3+N-1 of this process that the container keeps. */
  readonly preserve: number;
  /** Whether this process becomes the helper of the one launched, which is to get its signals. */
  readonly attended?: boolean;
  /** Loaded where systemd makes the cgroup. */
  readonly systemd?: typeof import('../cgroup/systemd/scope.js');
  /** `save-state`: writes down which process it is. */
  savePid(identity: ProcessIdentity): void;
  /** What goes with the container besides its cgroup, before the last of it is made. */
  makes(made: Made): void;
  /** The container will do without its cgroup, because of `failure`. */
  withoutCgroup(failure: Failure): void;
  /** All is set up and the process waits for the word to go on. What this throws ends the launch. */
  ready(launched: Launched): void;
}

/** What is made for a container besides the cgroup that was planned. */
export interface Made {
  /** Absolute path of its cgroup, where systemd made it at another place. */
  readonly cgroup?: string;
  /** The unit of systemd whose cgroup the container's is. */
  readonly unit?: Unit;
  /** The outermost of the cgroups above its own. */
  readonly cgroupParents?: string;
  /** Directories of resctrl, in the order made. */
  readonly resctrl?: readonly string[];
}

/** A process that was launched, and the cgroup that was made for it. */
export interface Launched extends Made {
  readonly pid: number;
  /** Descriptors that the caller closes. */
  readonly pidfd: number;
  /** Master of its terminal, when it has one. */
  readonly terminal?: number;
  /** The limit on memory that was set on its cgroup. */
  readonly memoryLimit?: MemoryLimit;
}
