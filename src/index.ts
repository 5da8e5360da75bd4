// The library: `import { validate, compile, explain, run } from 'sampan'`, under Node 20 or newer.

import { type Context, defaultRoot } from './container/context.js';
import { type CreateOptions, create as createContainer } from './container/create.js';
import { remove as removeContainer } from './container/delete.js';
import { kill as killContainer } from './container/kill.js';
import { list as listContainers } from './container/list.js';
import { pause as pauseContainer, resume as resumeContainer } from './container/pause.js';
import { ps as listProcesses } from './container/ps.js';
import { run as runContainer } from './container/run.js';
import { start as startContainer } from './container/start.js';
import { type ContainerState, state as readState } from './container/state.js';
import { update as updateContainer } from './container/update.js';
import { waitForContainer } from './container/wait.js';

import type { Resources } from './spec/types.js';

export type { Context } from './container/context.js';
export type { CreateOptions } from './container/create.js';
export type { ContainerState } from './container/state.js';
export { Failed, type Failure, render } from './failure.js';
export { collectFacts } from './host/collect.js';
export type { HostFacts } from './host/facts.js';
export { compile } from './plan/compile.js';
export { compileExec, type ExecPlanOptions } from './plan/exec.js';
export { explainPlan as explain } from './plan/explain.js';
export type { Compiled } from './plan/finish.js';
export type { LaunchOptions, LaunchPlan, PlanWarning } from './plan/plan.js';
export type { InitStep, RuntimeStep, Step } from './plan/steps.js';
export type * from './spec/types.js';
export {
  type Checked,
  type CheckedProcess,
  type CheckOptions,
  checkConfig as validate,
  checkProcess as validateProcess,
  type Problem,
} from './spec/validate.js';

/** A container to be made: its id, its bundle's absolute path, and what differs from the default. */
export type ContainerOptions = Pick<CreateOptions, 'id' | 'bundle'> & Partial<CreateOptions>;

/** Where containers are kept and who manages their cgroups; both have a default. */
export type ContextOptions = Partial<Context>;

/**
 * Runs a container with this process's standard streams and waits for it to end. Resolves to its
 * exit status as a shell gives it (128+n for signal n); by then it is removed. Rejects with
 * `Failed`, leaving nothing. A process with a terminal needs `consoleSocket`.
 */
export async function run(options: ContainerOptions, context?: ContextOptions): Promise<number> {
  const all = contextOf(context);
  await runContainer(all, { ...optionsOf(options), detach: true, keep: false, noSubreaper: false });
  try {
    return await waitForContainer(all, options.id);
  } finally {
    removeContainer(all, options.id, { force: true });
  }
}

/** Makes a container that waits for `start` (runtime.md#create). Rejects with `Failed`. */
export async function create(options: ContainerOptions, context?: ContextOptions): Promise<void> {
  await createContainer(contextOf(context), optionsOf(options));
}

/** Runs the program of a created container (runtime.md#start). Throws `Failed`. */
export function start(id: string, context?: ContextOptions): void {
  startContainer(contextOf(context), id);
}

/** The state of a container (runtime.md#state). Throws `Failed` for an unknown id. */
export function state(id: string, context?: ContextOptions): ContainerState {
  return readState(contextOf(context), id);
}

/** Sends signal number `signal` to a container's process (runtime.md#kill). Throws `Failed`. */
export function kill(id: string, signal: number, context?: ContextOptions): void {
  killContainer(contextOf(context), id, signal, { all: false });
}

/** Sets other limits for a container that runs (config-linux.md#control-groups). Throws `Failed`. */
export function update(id: string, resources: Resources, context?: ContextOptions): void {
  updateContainer(contextOf(context), id, resources);
}

/** Freezes every process of a container. Throws `Failed`. */
export function pause(id: string, context?: ContextOptions): void {
  pauseContainer(contextOf(context), id);
}

/** Lets the processes of a paused container go on. Throws `Failed`. */
export function resume(id: string, context?: ContextOptions): void {
  resumeContainer(contextOf(context), id);
}

/** Removes a stopped container, with `force` any (runtime.md#delete). Throws `Failed`. */
export function remove(
  id: string,
  options: { force?: boolean } = {},
  context?: ContextOptions,
): void {
  removeContainer(contextOf(context), id, { force: options.force ?? false });
}

/** The state of every container, by id. */
export function list(context?: ContextOptions): readonly ContainerState[] {
  return listContainers(contextOf(context));
}

/** Host pids of a container's processes, ascending. */
export function ps(id: string, context?: ContextOptions): readonly number[] {
  return listProcesses(contextOf(context), id);
}

function contextOf({
  root = defaultRoot(),
  cgroupManager = 'cgroupfs',
}: ContextOptions = {}): Context {
  return { root, cgroupManager };
}

function optionsOf(options: ContainerOptions): CreateOptions {
  return { noPivot: false, noNewKeyring: false, preserveFds: 0, ...options };
}
