// A mount of type cgroup or cgroup2: always version 2 (config-linux.md#cgroup-mounts).

import type { Mount } from '../spec/types.js';
import { fileSystem } from './file-system.js';
import { ATTR, CLONE } from './flags.js';
import { holdsOthers, readOnly } from './late-read-only.js';
import { type MountOptions, readMountOptions } from './mount-options.js';
import type { MountContext } from './mounts.js';
import { has } from './namespaces.js';
import { cleanPath } from './paths.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/**
 * With a cgroup namespace a file system of its own, whose root is the container's cgroup. Without
 * one the directory of that cgroup, read-only where the host's owner of it is the container's root
 * (CVE-2023-25809).
 */
export function cgroupMount(
  situation: Situation,
  context: MountContext,
  mount: Mount,
  options: MountOptions,
  pointer: string,
): InitStep[] {
  if (!isFolder(situation, mount)) return version2(situation, context, mount, options, pointer);
  const folder = folderFor(mount, options, pointer);
  const unified = { ...mount, destination: `${mount.destination}/unified` };
  return [folder, ...version2(situation, context, unified, options, pointer)];
}

/**
 * Whether other mounts are to lie in it, such as the v1 hierarchy that podman gives to systemd. In a
 * cgroup file system each place for one would be a new cgroup, so on a host with version 1 the
 * container gets the layout that such hosts have: a tmpfs, with version 2 in `unified`.
 */
function isFolder(situation: Situation, mount: Mount): boolean {
  return situation.host.cgroup.layout !== 'v2' && holdsOthers(situation, mount);
}

/** Those of them that are to be read-only, once all is mounted in them. */
export function readOnlyFolders(situation: Situation): InitStep[] {
  return (situation.config.mounts ?? []).flatMap((mount, index): InitStep[] => {
    if (!/^cgroup2?$/.test(mount.type ?? '') || !isFolder(situation, mount)) return [];
    const { set, bind } = readMountOptions(mount.options ?? []);
    return bind || (set & ATTR.RDONLY) === 0 ? [] : [readOnly(mount, `/mounts/${index}`)];
  });
}

function folderFor(mount: Mount, options: MountOptions, pointer: string): InitStep {
  return {
    step: 'mount-filesystem',
    type: 'tmpfs',
    source: 'cgroup',
    options: ['mode=755'],
    attributes: options.set & ~ATTR.RDONLY,
    propagation: options.propagation,
    target: cleanPath(mount.destination),
    realTarget: false,
    pointer,
  };
}

function version2(
  situation: Situation,
  context: MountContext,
  mount: Mount,
  options: MountOptions,
  pointer: string,
): InitStep[] {
  if (has(situation, CLONE.NEWCGROUP)) {
    const plain = { ...mount, source: 'cgroup' };
    return [fileSystem(situation, plain, 'cgroup2', options, pointer)];
  }
  const source = boundCgroup(situation, context);
  if (source === undefined) {
    const message = `${mount.destination} not mounted: no cgroup2 of the container on this host`;
    situation.notes.warn(pointer, message);
    return [];
  }
  return [bind(situation, context, mount, options, source, pointer)];
}

function bind(
  situation: Situation,
  context: MountContext,
  mount: Mount,
  options: MountOptions,
  source: string,
  pointer: string,
): InitStep {
  const { host } = situation;
  const guarded = !host.privileged || host.inUserNamespace || has(situation, CLONE.NEWUSER);
  const set = guarded ? options.set | ATTR.RDONLY : options.set;
  return {
    ...context.sources.bind(source, false, { pointer }),
    setAttributes: set,
    clearAttributes: 0,
    recursiveSetAttributes: 0,
    recursiveClearAttributes: 0,
    propagation: options.propagation,
    target: cleanPath(mount.destination),
  };
}

/** Only root of the host is sure to get the cgroup it asks for; others have at least their own. */
function boundCgroup({ host }: Situation, { cgroup }: MountContext): string | undefined {
  if (host.privileged && !host.inUserNamespace && cgroup !== undefined) return cgroup;
  const { mount, own } = host.cgroup;
  return mount === undefined || own === undefined ? undefined : mount + cleanPath(own);
}
