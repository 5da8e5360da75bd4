// The system call filter: compiled before the clone, loaded by init (config-linux.md#seccomp).

import type { Situation } from './situation.js';
import type { InitStep, Step } from './steps.js';

const POINTER = '/linux/seccomp';

/** Compiles the profile where there is one. */
export function compileSeccomp({ linux, notes }: Situation): Step[] {
  const profile = linux.seccomp;
  // A call that waits for a supervisor nobody connects to would wait for ever.
  const asks = profile?.syscalls?.findIndex(({ action }) => action === 'SCMP_ACT_NOTIFY') ?? -1;
  if (asks >= 0) {
    notes.refuse({
      doing: 'compile the seccomp profile',
      pointer: `${POINTER}/syscalls/${asks}/action`,
      cause: 'SCMP_ACT_NOTIFY is not supported yet',
    });
  }
  return profile ? [{ step: 'compile-seccomp', profile, pointer: POINTER }] : [];
}

/** Loads it. */
export function seccompStep({ linux }: Situation): InitStep[] {
  return linux.seccomp ? [{ step: 'load-seccomp', filter: 'seccomp', pointer: POINTER }] : [];
}
