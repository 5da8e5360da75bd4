// Gives a container its cgroup to divide (cgroups(7), "Cgroups delegation").

import * as fs from 'node:fs';
import { codeOf } from '../host/system-failure.js';
import { offerControllers } from './controllers.js';

/** config-linux.md#cgroup-ownership: for kernels that do not say. */
const ALWAYS = ['cgroup.procs', 'cgroup.subtree_control', 'cgroup.threads'];

/**
 * Makes `hostUid` the owner of the cgroup and of the files in it that are meant for who divides it:
 * those of its limits stay the host's. Controllers that can be had are handed down to it, as there
 * would be nothing to divide. Throws the system error of chown(2).
 */
export function giveCgroup(path: string, hostUid: number): void {
  offerControllers(path);
  for (const file of ['.', ...delegated()]) {
    try {
      own(`${path}/${file}`, hostUid);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

/** An ordinary user has made it, and owns it without asking. */
function own(path: string, uid: number): void {
  const { uid: owner, gid } = fs.lstatSync(path);
  if (owner !== uid) fs.lchownSync(path, uid, gid);
}

function delegated(): readonly string[] {
  try {
    const names = fs.readFileSync('/sys/kernel/cgroup/delegate', 'latin1').split('\n');
    return names.filter((name) => /^[\w.]+$/.test(name));
  } catch {
    return ALWAYS;
  }
}
