// Walls that are not there.

import { isEmptyProfile, riskyCalls } from '../seccomp.js';
import type { View } from '../view.js';
import { notable, severe, type Warning } from './warning.js';

/** Warnings of the process: seccomp, no_new_privs, labels. */
export function processWarnings(view: View): Warning[] {
  return [...seccomp(view), ...privileges(view), ...label(view)];
}

const POINTER = '/linux/seccomp';

function seccomp({ facts }: View): Warning[] {
  const profile = facts.config.linux?.seccomp;
  const open = facts.processes.filter(({ seccomp }) => seccomp === 0);
  if (open.length > 0 && profile !== undefined) {
    const meaning = `${open.map(({ pid }) => pid).join(', ')} ${open.length > 1 ? 'are' : 'is'} not under the profile`;
    return [severe('seccomp not in force', `process ${meaning}`, POINTER)];
  }
  if (open.length > 0 || isEmptyProfile(profile)) {
    const meaning = 'all system calls of the kernel are in reach';
    return [notable('no seccomp filter', meaning, POINTER, 'give a profile')];
  }
  const risky = profile === undefined ? [] : riskyCalls(profile);
  if (risky.length === 0) return [];
  const meaning = `calls with a history of holes are allowed: ${risky.join(', ')}`;
  return [notable('risky system calls', meaning, `${POINTER}/syscalls`)];
}

function privileges({ facts }: View): Warning[] {
  if (facts.processes.every(({ noNewPrivileges }) => noNewPrivileges)) return [];
  const meaning = 'set-user-ID programs of the image give rights up to the bounding set';
  return [
    notable('no_new_privs is off', meaning, '/process/noNewPrivileges', 'set noNewPrivileges'),
  ];
}

/** With a security module that is on, `unconfined` is the word of both for no rules. */
function label({ facts }: View): Warning[] {
  if (!facts.host.confines || !/^unconfined\b|:unconfined_t:/.test(facts.label)) return [];
  const meaning = 'the security module of the host does not hold it';
  const { apparmorProfile, selinuxLabel } = facts.config.process ?? {};
  const field = selinuxLabel && !apparmorProfile ? 'selinuxLabel' : 'apparmorProfile';
  return [notable('unconfined', meaning, `/process/${field}`, `set process.${field}`)];
}
