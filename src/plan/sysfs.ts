// sysfs, or the host's where a new one is not allowed.

import type { Mount } from '../spec/types.js';
import { ATTR, CLONE } from './flags.js';
import type { MountOptions } from './mount-options.js';
import type { MountContext } from './mounts.js';
import { creates, has } from './namespaces.js';
import { targetRules } from './real-target.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** A new sysfs shows a network namespace and takes rights over it, so its user namespace has to own it. */
export function sysfsAllowed(situation: Situation): boolean {
  if (creates(situation, CLONE.NEWNET)) return true;
  if (creates(situation, CLONE.NEWUSER)) return false;
  const joinsUser = has(situation, CLONE.NEWUSER);
  return has(situation, CLONE.NEWNET) || !(joinsUser || situation.host.inUserNamespace);
}

/** The host's /sys with the same attributes, on the mounts below too: a new one would have none. */
export function sysfsBind(
  context: MountContext,
  mount: Mount,
  options: MountOptions,
  pointer: string,
): InitStep {
  return {
    ...context.sources.bind('/sys', true, { pointer }),
    setAttributes: options.set,
    clearAttributes: 0,
    recursiveSetAttributes: options.set & ~ATTR.ATIME,
    recursiveClearAttributes: 0,
    propagation: options.propagation,
    target: mount.destination,
    ...targetRules(mount.destination),
  };
}
