// The launch plan: what `compile` makes, what `explain` prints and what `launch` carries out.

import type { LaterHooks } from './hooks.js';
import type { Step } from './steps.js';

/** An ordered list of steps with every default resolved. */
export interface LaunchPlan {
  /** Version of the plan's form. */
  readonly version: 1;
  /** What the plan is for. */
  readonly operation: 'create' | 'run' | 'exec';
  /** In the order executed. */
  readonly steps: readonly Step[];
  /** What other commands do when the program runs, and when the container is gone. */
  readonly later?: LaterHooks;
  /** What config.json asks for and this plan does not do, one line each with its pointer. */
  readonly warnings: readonly PlanWarning[];
}

/** Something config.json asked for that will not happen on this host. */
export interface PlanWarning {
  readonly pointer: string;
  readonly message: string;
  /** Callers write it in each of their documents: no news for who only sees what is printed. */
  readonly usual?: true;
}

/** What the command line adds to config.json. */
export interface LaunchOptions {
  readonly id: string;
  /** `create` waits for `start`, `run` does not. */
  readonly operation: 'create' | 'run';
  /** Absolute path of the bundle; relative paths in config.json are below it. */
  readonly bundle: string;
  /** `--no-pivot`. */
  readonly noPivot: boolean;
  /** `--no-new-keyring`. */
  readonly noNewKeyring: boolean;
  /** Descriptors to pass from 3 on: `--preserve-fds` plus LISTEN_FDS. */
  readonly preserveFds: number;
  /** Count of LISTEN_FDS, 0 for none. */
  readonly listenFds: number;
  /** NOTIFY_SOCKET of the caller, to be reachable in the container. */
  readonly notifySocket?: string;
  /** `--strict`: a limit that would not hold is an error. */
  readonly strict?: boolean;
  /** `--cgroup-manager`, `--systemd-cgroup`. */
  readonly cgroupManager: 'cgroupfs' | 'systemd' | 'disabled';
}
