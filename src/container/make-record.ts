// The record of a container that is about to be made.

import { resolve } from 'node:path';
import { userName } from '../host/id-ranges.js';
import { statProcess } from '../host/process.js';
import type { LaunchPlan } from '../plan/plan.js';
import type { Step } from '../plan/steps.js';
import { SPEC_VERSION } from '../spec/version.js';
import type { Bundle } from './bundle.js';
import { namespacesMade } from './namespaces.js';
import type { ContainerRecord } from './record.js';

/** What state.json will say. */
export function recordOf(bundle: Bundle, id: string, plan: LaunchPlan): ContainerRecord {
  const { annotations, root } = bundle.config;
  const cgroup = plan.steps.find(makesCgroup)?.path;
  const listener = plan.steps.find((step) => step.step === 'load-seccomp')?.listener;
  return {
    // The newest that this program knows, whatever config.json says; as runc has it.
    ociVersion: SPEC_VERSION,
    id,
    bundle: bundle.path,
    rootfs: resolve(bundle.path, root.path),
    created: new Date().toISOString(),
    ...(annotations === undefined ? {} : { annotations }),
    owner: owner(),
    ...(cgroup === undefined ? {} : { cgroup }),
    namespaces: namespacesMade(plan.steps),
    ...(bundle.config.process === undefined ? { withoutProcess: true } : {}),
    ...(plan.later === undefined ? {} : { hooks: plan.later }),
    ...(listener === undefined ? {} : { listener }),
    ...(plan.steps.some(({ step }) => step === 'new-keyring') ? {} : { noNewKeyring: true }),
    creator: self(),
  };
}

function makesCgroup(step: Step): step is Extract<Step, { step: 'create-cgroup' | 'start-scope' }> {
  return step.step === 'create-cgroup' || step.step === 'start-scope';
}

/** The name of root is the same everywhere: the usual case reads no file. */
function owner(): string {
  const uid = process.geteuid?.() ?? 0;
  return uid === 0 ? 'root' : (userName(uid) ?? String(uid));
}

function self() {
  const stat = statProcess(process.pid);
  if (stat === null) throw new Error('/proc does not show this process');
  return { pid: stat.pid, startTime: stat.startTime };
}
