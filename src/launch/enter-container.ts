// What `exec` hands to init: the running container's pidfd and its cgroup.

import { openCgroup } from '../cgroup/cgroup.js';
import { fail } from '../failure.js';
import { openProcess } from '../host/process.js';
import type { Ports } from './ports.js';
import type { Session } from './session.js';

/** Opens both before anything is cloned, so that neither can be taken for another later. */
export function openContainer(session: Session, container: NonNullable<Ports['container']>): void {
  const pidfd = openProcess(container.process);
  if (pidfd === null) fail({ doing: 'enter the container', cause: 'container not running' });
  session.slots.set('container', pidfd);
  const cgroup = container.cgroup === undefined ? null : openCgroup(container.cgroup);
  if (cgroup !== null) session.slots.set('cgroup', cgroup);
}
