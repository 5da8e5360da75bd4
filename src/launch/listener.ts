// A seccomp listener on its way to the agent (config-linux.md#containerprocessstate).

import * as fs from 'node:fs';
import { attempt } from '../host/system-failure.js';
import { addon } from '../native/load.js';
import type { Listener } from '../plan/steps.js';

/** Sends the listener with the state of process `pid`, and closes it here. Throws `Failed`. */
export function handToAgent({ path, message }: Listener, pid: number, descriptor: number): void {
  const known = {
    doing: 'hand the listener to the seccomp agent',
    pointer: '/linux/seccomp/listenerPath',
    path,
    remedy: 'the agent must listen there before the filter is loaded',
  };
  try {
    attempt(known, () => addon().sendDescriptor(path, descriptor, message.join(String(pid))));
  } finally {
    fs.closeSync(descriptor);
  }
}
