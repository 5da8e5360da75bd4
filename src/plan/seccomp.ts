// The system call filter: compiled before the clone, loaded by init (config-linux.md#seccomp).

import type { Situation } from './situation.js';
import type { InitStep, Step } from './steps.js';

const POINTER = '/linux/seccomp';

/** Compiles the profile where there is one. */
export function compileSeccomp({ linux }: Situation): Step[] {
  const profile = linux.seccomp;
  return profile ? [{ step: 'compile-seccomp', profile, pointer: POINTER }] : [];
}

/** Loads it. */
export function seccompStep({ linux }: Situation): InitStep[] {
  return linux.seccomp ? [{ step: 'load-seccomp', filter: 'seccomp', pointer: POINTER }] : [];
}
