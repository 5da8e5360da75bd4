// The record of a container that is about to be made.

import { resolve } from 'node:path';
import { userName } from '../host/id-ranges.js';
import { statProcess } from '../host/process.js';
import type { LaunchPlan } from '../plan/plan.js';
import type { Bundle } from './bundle.js';
import { namespacesMade } from './namespaces.js';
import type { ContainerRecord } from './record.js';

/** The newest version of the specification that this program knows; runc writes its own too. */
export const OCI_VERSION = '1.3.0';

/** What state.json will say. */
export function recordOf(bundle: Bundle, id: string, plan: LaunchPlan): ContainerRecord {
  const { annotations, root } = bundle.config;
  const cgroup = plan.steps.find((step) => step.step === 'create-cgroup')?.path;
  return {
    ociVersion: OCI_VERSION,
    id,
    bundle: bundle.path,
    rootfs: resolve(bundle.path, root.path),
    created: new Date().toISOString(),
    ...(annotations === undefined ? {} : { annotations }),
    owner: owner(),
    ...(cgroup === undefined ? {} : { cgroup }),
    namespaces: namespacesMade(plan.steps),
    creator: self(),
  };
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
