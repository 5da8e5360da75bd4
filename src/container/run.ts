// `run`: `create` and `start` in one.

import * as fs from 'node:fs';
import { foldersUpTo } from '../cgroup/create.js';
import { render } from '../failure.js';
import { attend } from '../launch/attend.js';
import { poststopSteps } from '../launch/hooks.js';
import { killedFor } from '../launch/limits-reached.js';
import type { Launched } from '../launch/ports.js';
import type { AttendStep } from '../plan/steps.js';
import { mark } from '../trace.js';
import { readBundle } from './bundle.js';
import type { Context } from './context.js';
import type { CreateOptions } from './create.js';
import { remove } from './delete.js';
import { type Established, establish } from './establish.js';
import { poststart } from './start.js';
import { checkTerminal } from './terminal.js';

/** What `run` is asked for. */
export interface RunOptions extends CreateOptions {
  /** Return once the program runs. */
  readonly detach: boolean;
  /** Leave state and cgroup when it has ended. */
  readonly keep: boolean;
  /** Accepted as runc does; nothing here ever adopts the container's orphans. */
  readonly noSubreaper: boolean;
}

/**
 * Runs a container. Detached: 0 once the program runs. In the foreground this process is replaced
 * by the helper, which ends with the container's exit status. Rejects with `Failed`, leaving nothing.
 */
export async function run(context: Context, options: RunOptions): Promise<number> {
  const bundle = await readBundle(options);
  checkTerminal(bundle.config.process?.terminal ?? false, options.detach, options.consoleSocket);
  const launched = await establish(context, bundle, {
    ...options,
    operation: 'run',
    attended: !options.detach,
  });
  fs.closeSync(launched.pidfd);
  const { hooks } = launched;
  if (hooks?.poststart.length) {
    poststart(context, options.id, hooks.poststart, launched.pid);
    mark('poststart');
  }
  if (!options.detach) return stay(context, options, launched);
  if (launched.terminal !== undefined) fs.closeSync(launched.terminal);
  return 0;
}

function stay(context: Context, options: RunOptions, launched: Established): never {
  const wait = [waitStep(launched), ...tellOfMemory(options.id, launched)];
  const path = `${context.root}/${options.id}`;
  try {
    return attend(options.keep ? wait : [...wait, ...cleanUpSteps(path, launched)], launched);
  } catch (error) {
    remove(context, options.id, { force: true });
    throw error;
  }
}

/** Waits for the process, at its terminal if it has one. */
export function waitStep({ pid, terminal }: Launched): AttendStep {
  if (terminal === undefined) return { step: 'wait-process', pid };
  return { step: 'relay-terminal', pid, master: 'terminal' };
}

/** Of a limit that was set here: 137 alone could be anybody's SIGKILL. */
function tellOfMemory(id: string, { cgroup, memoryLimit }: Launched): AttendStep[] {
  if (cgroup === undefined || memoryLimit === undefined) return [];
  const text = render({ doing: `container ${id} ended by SIGKILL`, ...killedFor(memoryLimit) });
  return [{ step: 'tell-of-memory', events: `${cgroup}/memory.events`, text }];
}

/**
 * What has to go when the process has ended: first what it left running, the record last. Unless
 * all of it is gone: what bears the id and the cgroup's name then is another container.
 */
function cleanUpSteps(path: string, launched: Established): AttendStep[] {
  const { resctrl = [], hooks } = launched;
  return [
    { step: 'lock-directory', path, directory: 'directory' },
    ...cgroupSteps(launched),
    ...resctrl.toReversed().map((path): AttendStep => ({ step: 'remove-unused', path })),
    { step: 'remove-directory', path },
    ...(hooks === undefined ? [] : poststopSteps(hooks.poststop)),
  ];
}

function cgroupSteps({ cgroup: path, cgroupParents, unit }: Launched): AttendStep[] {
  if (path === undefined) return [];
  const parents = foldersUpTo(path, cgroupParents ?? path).slice(1);
  return [
    { step: 'kill-cgroup', path },
    { step: 'remove-cgroup', path, unit: unit !== undefined },
    ...parents.map((path): AttendStep => ({ step: 'remove-unused', path })),
  ];
}
