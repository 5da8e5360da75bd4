// A default container, run for real: the word on whether one runs here.

import * as fs from 'node:fs';
import { basename } from 'node:path';
import type { Context } from '../../container/context.js';
import { remove } from '../../container/delete.js';
import { establish } from '../../container/establish.js';
import { Failed, type Failure } from '../../failure.js';
import type { HostFacts } from '../../host/facts.js';
import { withoutWarnings } from '../../log.js';
import { addon } from '../../native/load.js';
import { compile } from '../../plan/compile.js';
import { CLONE } from '../../plan/flags.js';
import type { Step } from '../../plan/steps.js';
import type { Config } from '../../spec/types.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { specForHere } from '../write-spec.js';
import type { Needs, Survey } from './survey.js';

const OPTIONS = { noPivot: false, noNewKeyring: false, preserveFds: 0 } as const;

/** What it takes, and how it went. */
export async function tryContainer(
  host: HostFacts,
  cgroupManager: Context['cgroupManager'],
): Promise<Pick<Survey, 'needs' | 'trial'>> {
  const config = specForHere(!host.privileged);
  if (config.process) Object.assign(config.process, { terminal: false, args: ['/probe', 'probe'] });
  const options = { id: 'ID', operation: 'run', bundle: '/', listenFds: 0, cgroupManager } as const;
  const compiled = compile(config, host, { ...OPTIONS, ...options });
  if (!compiled.ok) return { needs: needsOf([]), trial: compiled.failure };
  const trial = await tryConfig(config, cgroupManager);
  return { needs: needsOf(compiled.plan.steps), ...(trial === undefined ? {} : { trial }) };
}

async function tryConfig(config: Config, cgroupManager: Context['cgroupManager']) {
  let directory: string;
  try {
    directory = temporaryDirectory('sampan-check-', 'rootfs/probe', addon().helperBinary());
  } catch (error) {
    if (error instanceof Failed) return undefined;
    throw error;
  }
  try {
    // What the default configuration has in vain here is nothing that its caller asked for.
    return await withoutWarnings(() => runIn(directory, config, cgroupManager));
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** The program ends at once with 0. */
async function runIn(
  directory: string,
  config: Config,
  cgroupManager: Context['cgroupManager'],
): Promise<Failure | null> {
  const context = { root: `${directory}/state`, cgroupManager };
  const bundle = { path: directory, text: JSON.stringify(config), config };
  const id = basename(directory);
  try {
    const { pid, pidfd } = await establish(context, bundle, {
      ...OPTIONS,
      id,
      bundle: directory,
      operation: 'run',
    });
    fs.closeSync(pidfd);
    const status = addon().wait(pid);
    return status === 0 ? null : { doing: 'run a container', cause: `it ended with ${status}` };
  } catch (error) {
    if (error instanceof Failed) return error.failure;
    throw error;
  } finally {
    remove(context, id, { force: true });
  }
}

const KINDS = [
  ['user', CLONE.NEWUSER],
  ['mnt', CLONE.NEWNS],
  ['pid', CLONE.NEWPID],
  ['net', CLONE.NEWNET],
  ['ipc', CLONE.NEWIPC],
  ['uts', CLONE.NEWUTS],
  ['cgroup', CLONE.NEWCGROUP],
  ['time', CLONE.NEWTIME],
] as const;

/** What the kernel has to do for these steps. */
export function needsOf(steps: readonly Step[]): Needs {
  let flags = 0;
  const mounts = new Set<string>();
  for (const step of steps) {
    if (step.step === 'clone' || step.step === 'unshare') flags |= step.flags;
    if (step.step === 'mount-filesystem' || step.step === 'mount-copy-up') mounts.add(step.type);
  }
  return {
    namespaces: KINDS.filter(([, flag]) => flags & flag).map(([kind]) => kind),
    mounts: [...mounts],
    cgroup: steps.some((step) => step.step === 'create-cgroup' && !step.optional),
    systemd: steps.some(({ step }) => step === 'start-scope'),
    hostname: steps.some(({ step }) => step === 'set-hostname'),
    deviceFilter: steps.some(({ step }) => step === 'limit-devices'),
  };
}
