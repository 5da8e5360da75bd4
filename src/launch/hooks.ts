// Hooks in the runtime's namespaces. An init that is cloned without namespaces carries them out, so
// that each hook, wherever it runs, is run by the same code.

import * as fs from 'node:fs';
import { Failed, type Failure, render } from '../failure.js';
import { log } from '../log.js';
import type { Message } from '../native/addon.js';
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

/** Runs one; it ends with the process behind `pidfd`, if that is given. Throws `Failed`. */
export function runHook(hook: RuntimeHook, pid: number, pidfd?: number): void {
  const addon = loadAddon();
  const slots = pidfd === undefined ? [] : [pidfd];
  const runner = addon.spawnInit({ flags: 0, cgroup: -1, preserve: 0, slots });
  let message: Message | null = null;
  let status = 0;
  try {
    addon.send(runner.socket, planOf(hook, pid, slots));
    message = addon.receive(runner.socket);
  } finally {
    fs.closeSync(runner.socket);
    fs.closeSync(runner.pidfd);
    status = addon.wait(runner.pid);
  }
  const failure = failureOf(hook, message, status);
  if (failure !== undefined) throw new Failed(failure);
}

function failureOf(
  hook: RuntimeHook,
  message: Message | null,
  status: number,
): Failure | undefined {
  const decoded = message === null ? undefined : decodeMessage(message.bytes);
  if (decoded?.kind === 'failed') return hookFailure(decoded, loadAddon());
  if (status === 0) return undefined;
  const { path, pointer } = hook;
  return { doing: `run the hook ${path}`, pointer, cause: "the container's process has ended" };
}

function planOf(hook: RuntimeHook, pid: number, slots: readonly number[]): Uint8Array {
  const state = [hook.state.join(String(pid))];
  const ends = { inRoot: false, bound: true, container: 'container', hide: false } as const;
  const values = slots.length === 0 ? {} : { container: 0 };
  return encodeSteps([{ ...hook, step: 'run-hook', state, ...ends }], values).bytes;
}
