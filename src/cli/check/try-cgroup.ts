// A cgroup, made where those of containers would be, and removed.

import * as fs from 'node:fs';
import type { HostFacts } from '../../host/facts.js';
import type { CgroupSurvey, Tried } from './survey.js';
import { tried } from './tried.js';

/** The place is that of a default container (plan/cgroup.ts). */
export function tryCgroup({ cgroup, privileged, inUserNamespace }: HostFacts): CgroupSurvey {
  const { mount, own = '/' } = cgroup;
  if (mount === undefined) return { made: ABSENT, kill: false, handsDown: false };
  const path = privileged && !inUserNamespace ? mount : (mount + own).replace(/\/$/, '');
  const folder = `${path}/sampan-check-${process.pid}`;
  let kill = false;
  const made = tried(() => {
    fs.mkdirSync(folder);
    kill = fs.existsSync(`${folder}/cgroup.kill`);
    fs.rmdirSync(folder);
  });
  return { path, made, kill, handsDown: made === null && opens(`${path}/cgroup.subtree_control`) };
}

const ABSENT: Tried = { syscall: 'mount', errno: 'ENOENT' };

/** Nothing is written. */
function opens(path: string): boolean {
  return tried(() => fs.closeSync(fs.openSync(path, 'r+'))) === null;
}
