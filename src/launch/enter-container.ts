// What `exec` hands to init: the running container's pidfd, its cgroup, and where it needs it its root.

import * as fs from 'node:fs';
import { fail } from '../failure.js';
import { isAlive, openProcess, type ProcessIdentity } from '../host/process.js';
import { attempt } from '../host/system-failure.js';
import type { Ports } from './ports.js';
import type { Session } from './session.js';

/** Of open(2); Node does not name it. */
const O_PATH = 0o10000000;

/** All is open before anything is cloned, so that neither can be taken for another later. */
export function openContainer(session: Session, container: NonNullable<Ports['container']>): void {
  if (container.cgroup !== undefined) session.slots.set('cgroup', container.cgroup.fd);
  const pidfd = openProcess(container.process);
  if (pidfd === null) fail({ doing: 'enter the container', cause: 'container not running' });
  session.slots.set('container', pidfd);
  if (session.plan.steps.some(({ step }) => step === 'take-root')) {
    session.slots.set('root', openRoot(container.process));
  }
}

/** The root of this process and no other: it is looked at again once the directory is open. */
function openRoot(process: ProcessIdentity): number {
  const { O_DIRECTORY } = fs.constants;
  const known = { doing: 'enter the container', remedy: 'its process may belong to another user' };
  const root = attempt(known, () => fs.openSync(`/proc/${process.pid}/root`, O_PATH | O_DIRECTORY));
  if (isAlive(process)) return root;
  fs.closeSync(root);
  return fail({ doing: 'enter the container', cause: 'container not running' });
}
