// proc and sysfs: new ones, or the host's where the kernel does not allow that.

import type { Mount } from '../spec/types.js';
import { fileSystem } from './file-system.js';
import { ATTR, CLONE } from './flags.js';
import type { MountOptions } from './mount-options.js';
import type { MountContext } from './mounts.js';
import { creates, has } from './namespaces.js';
import { cleanPath } from './paths.js';
import { targetRules } from './real-target.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** Where the host has its own. */
const OF_HOST = { proc: '/proc', sysfs: '/sys' } as const;

/** Each shows a namespace and takes rights over it, so that one's user namespace has to own it. */
export function kernelView(
  situation: Situation,
  context: MountContext,
  mount: Mount,
  type: 'proc' | 'sysfs',
  options: MountOptions,
  pointer: string,
): InitStep {
  const allowed = type === 'proc' ? procAllowed(situation) : sysfsAllowed(situation);
  return allowed
    ? fileSystem(situation, mount, type, options, pointer)
    : ofHost(context, mount, OF_HOST[type], options, pointer);
}

/** A proc shows a pid namespace. */
function procAllowed(situation: Situation): boolean {
  return has(situation, CLONE.NEWPID) || !creates(situation, CLONE.NEWUSER);
}

/** A sysfs shows a network namespace. */
function sysfsAllowed(situation: Situation): boolean {
  if (creates(situation, CLONE.NEWNET)) return true;
  if (creates(situation, CLONE.NEWUSER)) return false;
  const joinsUser = has(situation, CLONE.NEWUSER);
  return has(situation, CLONE.NEWNET) || !(joinsUser || situation.host.inUserNamespace);
}

/** With the same attributes, on the mounts below too: a new one would have none. */
function ofHost(
  context: MountContext,
  mount: Mount,
  source: string,
  options: MountOptions,
  pointer: string,
): InitStep {
  return {
    ...context.sources.bind(source, true, { pointer }),
    setAttributes: options.set,
    clearAttributes: 0,
    recursiveSetAttributes: options.set & ~ATTR.ATIME,
    recursiveClearAttributes: 0,
    propagation: options.propagation,
    target: cleanPath(mount.destination),
    ...targetRules(mount.destination),
  };
}
