// The system call filter: compiled before the clone, loaded by init (config-linux.md#seccomp).

import type { Seccomp } from '../spec/config/seccomp.js';
import { SPEC_VERSION } from '../spec/version.js';
import type { Situation } from './situation.js';
import type { InitStep, Listener, Step } from './steps.js';

const POINTER = '/linux/seccomp';

/** Compiles the profile where there is one. */
export function compileSeccomp({ linux: { seccomp: profile } }: Situation): Step[] {
  return profile ? [{ step: 'compile-seccomp', profile, pointer: POINTER }] : [];
}

/** Loads it. `state` is the container's, in parts around the pid. */
export function seccompStep({ linux }: Situation, state: () => readonly string[]): InitStep[] {
  const profile = linux.seccomp;
  if (profile === undefined) return [];
  const listener = asksAgent(profile) ? { listener: listenerOf(profile, state()) } : {};
  return [{ step: 'load-seccomp', filter: 'seccomp', ...listener, pointer: POINTER }];
}

/** Whether some call is for an agent to decide; without one the listener is not used. */
export function asksAgent({ defaultAction, syscalls = [] }: Seccomp): boolean {
  const notify = 'SCMP_ACT_NOTIFY';
  return defaultAction === notify || syscalls.some(({ action }) => action === notify);
}

/** The container process state (config-linux.md#containerprocessstate). */
function listenerOf(profile: Seccomp, state: readonly string[]): Listener {
  const { listenerPath: path = '', listenerMetadata: metadata } = profile;
  const head = JSON.stringify({ ociVersion: SPEC_VERSION, fds: ['seccompFd'] }).slice(0, -1);
  const data = metadata === undefined ? '' : `"metadata":${JSON.stringify(metadata)},`;
  const [first = '', ...rest] = state;
  const parts = [`${head},"pid":`, `,${data}"state":${first}`, ...rest];
  return { path, message: [...parts.slice(0, -1), `${parts.at(-1)}}`] };
}
