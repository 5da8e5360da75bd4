// `exec`: another process in a running container.

import * as fs from 'node:fs';
import { Failed, type Failure, fail } from '../failure.js';
import { collectFacts } from '../host/collect.js';
import { hasEnded, type ProcessIdentity } from '../host/process.js';
import { attend } from '../launch/attend.js';
import { type Kept, keptDescriptors } from '../launch/descriptors.js';
import { launch } from '../launch/launch.js';
import type { EnteredCgroup, Launched, Ports } from '../launch/ports.js';
import { compileExec } from '../plan/exec.js';
import type { LaunchPlan } from '../plan/plan.js';
import type { Config, Process } from '../spec/types.js';
import { mark } from '../trace.js';
import { checkedAgain } from './bundle.js';
import type { Context } from './context.js';
import { announce, logWarnings } from './establish.js';
import { execCgroup } from './exec-cgroup.js';
import { execProcess } from './exec-process.js';
import { unlinkIfThere } from './files.js';
import { waitStep } from './run.js';
import { specified, stateOf } from './state.js';
import { asContainer, type Container, statusOf } from './status.js';
import { load, readConfig } from './store.js';
import { checkTerminal } from './terminal.js';

/** How long a container that kills what enters it may take to end, in milliseconds. */
const ENDING_MS = 1000;

/** What `exec` is asked for. */
export interface ExecOptions {
  readonly id: string;
  /** A parsed process document (config.md#process) instead of the container's own process. */
  readonly process?: unknown;
  readonly args?: readonly string[];
  readonly detach: boolean;
  readonly pidFile?: string;
  readonly consoleSocket?: string;
  readonly pidfdSocket?: string;
  readonly tty?: boolean;
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: readonly string[];
  readonly user?: { readonly uid: number; readonly gid?: number };
  readonly additionalGids?: readonly number[];
  readonly caps?: readonly string[];
  readonly apparmor?: string;
  readonly processLabel?: string;
  readonly noNewPrivs?: boolean;
  readonly preserveFds: number;
  /** Path of a cgroup below the container's; more than one is an error. */
  readonly cgroup?: readonly string[];
  readonly ignorePaused: boolean;
}

/**
 * Runs a process in a container. Detached: 0 once its program runs. In the foreground this process
 * is replaced by the helper, which ends with the program's exit status. Rejects with `Failed`.
 */
export async function exec(context: Context, options: ExecOptions): Promise<number> {
  const container = asContainer(load(context.root, options.id));
  checkStatus(container, options.ignorePaused);
  const config = await checkedAgain(readConfig(container), `${container.path}/config.json`);
  const process = await execProcess(config.process, options);
  mark('read');
  checkTerminal(process.terminal ?? false, options.detach, options.consoleSocket);
  // Root enters every cgroup.
  const isUsers = container.record.unit?.manager === 'user';
  const systemd = isUsers ? await import('../cgroup/systemd/scope.js') : undefined;
  const launched = launchIn(container, config, process, options, systemd);
  fs.closeSync(launched.pidfd);
  if (!options.detach) return attend([waitStep(launched)], launched);
  if (launched.terminal !== undefined) fs.closeSync(launched.terminal);
  return 0;
}

function checkStatus(container: Container, ignorePaused: boolean): void {
  const status = statusOf(container);
  if (status === 'running' || status === 'created') return;
  if (status === 'paused' && ignorePaused) return;
  fail({
    doing: 'exec',
    cause: `cannot exec in container ${container.id}: it is ${status}`,
    ...(status === 'paused' ? { remedy: 'resume it, or use --ignore-paused' } : {}),
  });
}

function launchIn(
  container: Container,
  config: Config,
  process: Process,
  options: ExecOptions,
  systemd: Ports['systemd'],
): Launched {
  if (container.process === null) throw new Error('a container with a status has a process');
  const kept = keptDescriptors(options.preserveFds);
  let announced = false;
  try {
    const cgroup = execCgroup(container.record.cgroup, container.process.pid, options.cgroup);
    const plan = planFor(config, process, cgroup, container, kept);
    mark('plan');
    return launch(plan, {
      container: {
        process: container.process,
        ...(cgroup === undefined ? {} : { cgroup }),
        ...(systemd && container.record.unit ? { unit: container.record.unit } : {}),
      },
      ...(systemd === undefined ? {} : { systemd }),
      preserve: kept.count,
      attended: !options.detach,
      savePid: () => {},
      makes: () => {},
      withoutCgroup: () => {},
      ready: (launched) => {
        announce(launched, options);
        announced = true;
      },
    });
  } catch (error) {
    if (announced && options.pidFile !== undefined) unlinkIfThere(options.pidFile);
    if (endedMeanwhile(container.process, error)) notRunning(options.id);
    throw error instanceof Failed ? new Failed(aboutCommand(error.failure)) : error;
  }
}

/**
 * The end of a pid namespace kills who is about to enter it, and lets nobody fork into it
 * (pid_namespaces(7)); its first process waits for all others to be gone. One that is being ended has
 * no namespaces any more (setns(2), ESRCH).
 */
function endedMeanwhile(process: ProcessIdentity, error: unknown): boolean {
  if (!(error instanceof Failed)) return false;
  const { doing, errno } = error.failure;
  const isEnding = doing === 'launch' || errno === 'ENOMEM' || errno === 'ESRCH';
  return hasEnded(process, isEnding ? ENDING_MS : 0);
}

function notRunning(id: string): never {
  fail({ doing: 'exec', cause: `cannot exec in container ${id}: container not running` });
}

/** The process is that of the command line, or of its --process: config.json has no place to show. */
function aboutCommand({ pointer, ...failure }: Failure): Failure {
  if (pointer === undefined || pointer.startsWith('/process')) return failure;
  return { pointer, ...failure };
}

function planFor(
  config: Config,
  process: Process,
  cgroup: EnteredCgroup | undefined,
  container: Container,
  kept: Kept,
): LaunchPlan {
  const compiled = compileExec(config, process, collectFacts(), {
    state: specified(stateOf(container)),
    intoCgroup: cgroup !== undefined,
    preserveFds: kept.count,
    listenFds: kept.listen,
    noNewKeyring: container.record.noNewKeyring ?? false,
  });
  if (!compiled.ok) {
    if (cgroup !== undefined) fs.closeSync(cgroup.fd);
    throw new Failed(compiled.failure);
  }
  logWarnings(compiled.plan);
  return compiled.plan;
}
