// What becomes read-only only when all is mounted and made in it.

import type { Mount } from '../spec/types.js';
import { ATTR } from './flags.js';
import { type MountOptions, readMountOptions } from './mount-options.js';
import { cleanPath } from './paths.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** The options to mount with, where the container may still need places in it (as in runc). */
export function writableFirst(
  situation: Situation,
  index: number,
  options: MountOptions,
): MountOptions {
  const mount = situation.config.mounts?.[index];
  return mount !== undefined && mayBeLate(mount) && isLate(situation, mount, options)
    ? { ...options, set: options.set & ~ATTR.RDONLY }
    : options;
}

/** The end of these: read-only as asked for. */
export function lateReadOnly(situation: Situation): InitStep[] {
  return (situation.config.mounts ?? []).flatMap((mount, index): InitStep[] => {
    const late =
      mayBeLate(mount) && isLate(situation, mount, readMountOptions(mount.options ?? []));
    return late ? [readOnly(mount, `/mounts/${index}`)] : [];
  });
}

/** Whether something else is to lie in a mount: another one, or the process's directory. */
export function holdsOthers({ config }: Situation, { destination }: Mount): boolean {
  const place = `${cleanPath(destination)}/`;
  const below = (path: string) => cleanPath(path).startsWith(place);
  return (
    config.mounts?.some((mount) => below(mount.destination)) || below(config.process?.cwd ?? '/')
  );
}

/** A new, empty file system, or /dev, in which the default devices are made. */
function mayBeLate({ type, destination }: Mount): boolean {
  return type === 'tmpfs' || (type !== 'bind' && cleanPath(destination) === '/dev');
}

function isLate(situation: Situation, mount: Mount, { set, bind, remount }: MountOptions): boolean {
  if (bind || remount || (set & ATTR.RDONLY) === 0) return false;
  return cleanPath(mount.destination) === '/dev' || holdsOthers(situation, mount);
}

/** A step that makes the mount on a place read-only. */
export function readOnly({ destination }: Mount, pointer: string): InitStep {
  return {
    step: 'change-mount',
    setAttributes: ATTR.RDONLY,
    clearAttributes: 0,
    recursiveSetAttributes: 0,
    recursiveClearAttributes: 0,
    propagation: 0,
    target: cleanPath(destination),
    pointer,
  };
}
