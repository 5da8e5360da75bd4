// Who may divide the container's cgroup (config-linux.md#cgroup-ownership).

import { ATTR, CLONE } from './flags.js';
import { readMountOptions } from './mount-options.js';
import { creates } from './namespaces.js';
import { cleanPath } from './paths.js';
import type { Situation } from './situation.js';
import type { Step } from './steps.js';

/**
 * Gives the cgroup to the container's user where the container may write it: in a cgroup namespace of
 * its own, at the usual place. Only then: who owns a cgroup could move processes of others into it.
 */
export function ownCgroup(situation: Situation, path: string | undefined): Step[] {
  if (path === undefined || !creates(situation, CLONE.NEWCGROUP)) return [];
  const { mounts = [] } = situation.config;
  const index = mounts.findLastIndex(({ destination }) => cleanPath(destination) === PLACE);
  const { type = '', options = [] } = mounts[index] ?? {};
  if (!/^cgroup2?$/.test(type)) return [];
  const { set, bind } = readMountOptions(options);
  if (bind || (set & ATTR.RDONLY) !== 0) return [];
  const { uid } = situation.process.user;
  return [{ step: 'own-cgroup', path, uid, pointer: `/mounts/${index}` }];
}

const PLACE = '/sys/fs/cgroup';
