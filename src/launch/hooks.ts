// Hooks in the runtime's namespaces. An init that is cloned without namespaces carries them out, so
// that each hook, wherever it runs, is run by the same code.

import * as fs from 'node:fs';
import { Failed, type Failure, render } from '../failure.js';
import { log } from '../log.js';
import { addon as loadAddon } from '../native/load.js';
import type { AttendStep, RuntimeHook } from '../plan/steps.js';
import { encodeSteps } from '../plan/wire.js';
import { hookFailure } from './explain-hook.js';
import { decodeMessage } from './messages.js';

/** Runs them in order; `pid` is the container's process. Throws `Failed` for the first that fails. */
export function runHooks(hooks: readonly RuntimeHook[], pid: number): void {
  for (const hook of hooks) runHook(hook, pid);
}

/** The container is gone: what fails is a warning, and the others run (runtime.md#lifecycle). */
export function runPoststopHooks(hooks: readonly RuntimeHook[]): void {
  for (const hook of hooks) {
    try {
      runHook(hook, 0);
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      log('warning', render(error.failure));
    }
  }
}

/** The same for the helper of a foreground container. */
export function poststopSteps(hooks: readonly RuntimeHook[]): AttendStep[] {
  return hooks.map((hook) => ({ ...hook, step: 'run-poststop-hook' }));
}

/** Runs one. Throws `Failed`. */
export function runHook(hook: RuntimeHook, pid: number): void {
  const failure = carryOut(hook, pid);
  if (failure !== undefined) throw new Failed(failure);
}

function carryOut(hook: RuntimeHook, pid: number): Failure | undefined {
  const addon = loadAddon();
  const runner = addon.spawnInit({ flags: 0, cgroup: -1, preserve: 0, slots: [] });
  try {
    addon.send(runner.socket, planOf(hook, pid));
    const message = addon.receive(runner.socket);
    if (message === null) return undefined;
    const decoded = decodeMessage(message.bytes);
    return decoded.kind === 'failed' ? hookFailure(decoded, addon) : undefined;
  } finally {
    fs.closeSync(runner.socket);
    fs.closeSync(runner.pidfd);
    addon.wait(runner.pid);
  }
}

function planOf(hook: RuntimeHook, pid: number): Uint8Array {
  const state = [hook.state.join(String(pid))];
  const ends = { inRoot: false, bound: true, hide: false };
  return encodeSteps([{ ...hook, step: 'run-hook', state, ...ends }], {}).bytes;
}
