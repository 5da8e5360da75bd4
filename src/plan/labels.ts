// What security modules are told of the program (config.md#linux-process, proc_pid_attr(5)).

import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** The profile and the label that begin with execve(2). */
export function labelSteps(situation: Situation): InitStep[] {
  return [...apparmor(situation), ...selinux(situation, 'exec')];
}

/** Around the making of a keyring: it belongs to the label of the program, not of the runtime. */
export function labelledKeyring(situation: Situation, keyring: InitStep): InitStep[] {
  const label = selinux(situation, 'keycreate');
  return [...label, keyring, ...label.map((step) => ({ ...step, value: '' }))];
}

function apparmor({ process, host, notes }: Situation): InitStep[] {
  const { apparmorProfile: profile } = process;
  if (!profile) return [];
  const pointer = '/process/apparmorProfile';
  if (!host.apparmor && profile !== 'unconfined') {
    notes.refuse(isOff('AppArmor', 'apply the AppArmor profile', profile, pointer));
  }
  if (!host.apparmor) return [];
  // Where several modules are on, the old name may belong to another one.
  const paths = ['attr/apparmor/exec', 'attr/exec'];
  return [{ step: 'write-attribute', paths, value: `exec ${profile}`, pointer }];
}

function selinux(
  { process, host, notes }: Situation,
  attribute: 'exec' | 'keycreate',
): Extract<InitStep, { step: 'write-attribute' }>[] {
  const { selinuxLabel: value } = process;
  if (!value) return [];
  const pointer = '/process/selinuxLabel';
  if (!host.selinux) notes.refuse(isOff('SELinux', 'apply the SELinux label', value, pointer));
  return [{ step: 'write-attribute', paths: [`attr/${attribute}`], value, pointer }];
}

/** A process that should be confined must not run without. */
function isOff(module: string, doing: string, path: string, pointer: string) {
  const cause = `${module} is not on in this kernel`;
  return { doing, path, pointer, cause, remedy: `leave it out, or boot with ${module}` };
}
