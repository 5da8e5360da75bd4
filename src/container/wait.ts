// Waiting for a container that this process launched, without blocking it.

import { fail } from '../failure.js';
import { exitStatus, isAlive } from '../host/process.js';
import type { Context } from './context.js';
import { load } from './store.js';

/** Milliseconds between two looks. */
const INTERVAL = 10;

/** Resolves to the exit status of the container's process, which must be a child of this one. */
export async function waitForContainer(context: Context, id: string): Promise<number> {
  const { process } = load(context.root, id);
  if (process === null) fail({ doing: `wait for container ${id}`, cause: 'it has no process' });
  while (isAlive(process)) await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  return exitStatus(process.pid);
}
