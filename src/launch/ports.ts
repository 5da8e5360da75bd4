// What a launch needs from those who ask for it, and what it gives back.

import type { Failure } from '../failure.js';
import type { ProcessIdentity } from '../host/process.js';
import type { MemoryLimit } from './limits-reached.js';

/** The launch's connections to the state of the container. */
export interface Ports {
  /** Descriptor of the state directory, for `listen-start`. */
  readonly directory?: number;
  /** For `exec`: the container's process and, where it has one, its cgroup. */
  readonly container?: { readonly process: ProcessIdentity; readonly cgroup?: string };
  /** Descriptors 3 … 3+N-1 of this process that the container keeps. */
  readonly preserve: number;
  /** Whether this process becomes the helper of the one launched, which is to get its signals. */
  readonly attended?: boolean;
  /** `save-state`: writes down which process it is. */
  savePid(identity: ProcessIdentity): void;
  /** What goes with the container besides its cgroup, before the last of it is made. */
  makes(made: Made): void;
  /** The container will do without its cgroup, because of `failure`. */
  withoutCgroup(failure: Failure): void;
  /** All is set up and the process waits for the word to go on. What this throws ends the launch. */
  ready(launched: Launched): void;
}

/** What is made for a container besides its cgroup. */
export interface Made {
  /** The outermost of the cgroups above its own. */
  readonly cgroupParents?: string;
  /** Directories of resctrl, in the order made. */
  readonly resctrl?: readonly string[];
}

/** A process that was launched. */
export interface Launched extends Made {
  readonly pid: number;
  /** Descriptors that the caller closes. */
  readonly pidfd: number;
  /** Master of its terminal, when it has one. */
  readonly terminal?: number;
  /** Absolute path of the cgroup that was made for it. */
  readonly cgroup?: string;
  /** The limit on memory that was set on that. */
  readonly memoryLimit?: MemoryLimit;
}
