// What a launch has made so far: what the next steps need, and what has to go when one fails.

import * as fs from 'node:fs';
import { removeUpTo } from '../cgroup/create.js';
import { destroyCgroup } from '../cgroup/stop.js';
import { codeOf } from '../host/system-failure.js';
import type { Addon } from '../native/addon.js';
import type { LaunchPlan } from '../plan/plan.js';
import type { RuntimeStep, Slot } from '../plan/steps.js';
import { NetworkDevices } from './network-devices.js';
import type { Made, Ports } from './ports.js';
import { removeResctrl } from './resctrl.js';
import type { CompiledSeccomp } from './seccomp.js';

/** How long the cgroup of a launch that failed may take to become empty, in milliseconds. */
const EMPTY_MS = 2000;

/** A process of this launch: init, or what its last `fork` made. */
export interface Child {
  readonly pid: number;
  readonly pidfd: number;
}

/** The state of one launch. */
export class Session {
  /** Descriptors by slot, in the order in which init gets them. */
  readonly slots = new Map<Slot, number>();
  /** User namespaces made for their maps alone, until the launch is over. */
  readonly userNamespaces = new Map<string, number>();
  /** Path of the cgroup that this launch made. */
  cgroup: string | undefined;
  /** What else this launch made. */
  made: Made = {};
  /** Whether the container may do without the cgroup. */
  cgroupIsOptional = false;
  readonly networkDevices = new NetworkDevices();
  seccomp: CompiledSeccomp | undefined;
  child: Child | undefined;
  /** This end of the socket to init; -1 before the clone and after the end of the talk. */
  socket = -1;
  /** Master of the container's terminal. */
  terminal: number | undefined;
  /** Whether init was told to go on from `report-ready`. */
  released = false;
  /** The runtime's steps that init will wait for. */
  awaited: readonly RuntimeStep[] = [];
  /** From the place in the encoded list to the place in the plan. */
  origin: readonly number[] = [];

  constructor(
    readonly plan: LaunchPlan,
    readonly ports: Ports,
    readonly addon: Addon,
  ) {}

  /** The process of the launch; a plan that needs it before its clone is a bug. */
  get process(): Child {
    if (this.child === undefined) throw new Error('the plan uses the process before its clone');
    return this.child;
  }

  /** Replaces the process by the child it forked, which goes on; the first one has ended. */
  adopt(child: Child): void {
    const { pid, pidfd } = this.process;
    this.child = child;
    fs.closeSync(pidfd);
    this.addon.wait(pid);
  }

  /** Closes what only the launch itself needed. The pidfd and the terminal go to the caller. */
  finish(): void {
    if (this.socket >= 0) fs.closeSync(this.socket);
    this.socket = -1;
    this.networkDevices.keep();
    for (const fd of this.slots.values()) fs.closeSync(fd);
    for (const fd of this.userNamespaces.values()) fs.closeSync(fd);
    this.slots.clear();
    this.userNamespaces.clear();
  }

  /** Undoes all of it: the process is killed and reaped before its cgroup goes. */
  undo(): void {
    this.networkDevices.giveBack(this.addon);
    this.finish();
    if (this.terminal !== undefined) fs.closeSync(this.terminal);
    this.terminal = undefined;
    this.reap();
    removeResctrl(this.made.resctrl);
    this.removeCgroup(EMPTY_MS);
  }

  /** Notes what is about to be made, here and in the container's record. */
  makes(made: Made): void {
    this.made = { ...this.made, ...made };
    this.ports.makes(this.made);
  }

  /** Removes what was made of cgroups. One that was there already may be somebody else's, and stays. */
  removeCgroup(ms: number): void {
    const step = this.plan.steps.find((step) => step.step === 'create-cgroup');
    const { cgroupParents, unit } = this.made;
    try {
      if (this.cgroup !== undefined) destroyCgroup(this.cgroup, ms, unit !== undefined);
    } catch (error) {
      if (codeOf(error) !== 'EACCES') throw error;
    }
    this.cgroup = undefined;
    if (step && cgroupParents !== undefined) removeUpTo(step.path, cgroupParents);
  }

  /** Kills and reaps the process; its status as a shell gives it. */
  reap(): number | undefined {
    if (this.child === undefined) return undefined;
    const { pid, pidfd } = this.child;
    this.child = undefined;
    try {
      this.addon.pidfdSignal(pidfd, 9);
    } catch {
      // It has ended by itself.
    }
    fs.closeSync(pidfd);
    return this.addon.wait(pid);
  }
}
