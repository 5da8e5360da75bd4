// `mounts`, in the order listed (config.md#mounts).

import { didYouMean } from '../spec/nearest.js';
import type { Mount } from '../spec/types.js';
import type { BindSource, BindSources } from './bind-sources.js';
import { cgroupMount } from './cgroup-mount.js';
import { fileSystem, remount } from './file-system.js';
import { MS } from './flags.js';
import { kernelView } from './kernel-view.js';
import { writableFirst } from './late-read-only.js';
import { asksForIds, mountIds } from './mount-ids.js';
import { checkMountLabel } from './mount-label.js';
import { type MountOptions, meantOption, optionHint, readMountOptions } from './mount-options.js';
import { below, cleanPath } from './paths.js';
import { targetRules } from './real-target.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** Where the bundle is and where bind sources are taken from. */
export interface MountContext {
  readonly bundle: string;
  readonly sources: BindSources;
  /** Absolute host path of the container's cgroup directory, where it gets one. */
  readonly cgroup: string | undefined;
}

/** The mounts as steps. */
export function mountSteps(situation: Situation, context: MountContext): InitStep[] {
  const steps: InitStep[] = [];
  checkMountLabel(situation);
  situation.config.mounts?.forEach((mount, index) => {
    steps.push(...mountStep(situation, context, mount, index));
  });
  return steps;
}

/** Whether /dev is the host's or another directory: then nothing is made in it (as in runc). */
export function devIsBound(situation: Situation): boolean {
  return (situation.config.mounts ?? []).some(
    (mount) => cleanPath(mount.destination) === '/dev' && isBind(mount),
  );
}

function isBind({ type, options }: Mount): boolean {
  return type === 'bind' || (options ?? []).some((o) => o === 'bind' || o === 'rbind');
}

function mountStep(
  situation: Situation,
  context: MountContext,
  mount: Mount,
  index: number,
): InitStep[] {
  const pointer = `/mounts/${index}`;
  const asked = readMountOptions(mount.options ?? []);
  noteOptions(situation, mount, asked, pointer);
  const options = writableFirst(situation, index, asked);
  if (options.remount) return [change(mount, options, pointer)];
  if (isBind(mount)) return bindMount(situation, context, mount, options, pointer);
  if (asksForIds(mount, options)) {
    return refuse(situation, mount, pointer, 'only a bind mount can have its ids mapped');
  }
  switch (mount.type) {
    case 'cgroup':
    case 'cgroup2':
      return cgroupMount(situation, context, mount, options, pointer);
    case 'proc':
    case 'sysfs':
      return [kernelView(situation, context, mount, mount.type, options, pointer)];
    case undefined:
    case '':
    case 'none':
      return refuse(situation, mount, pointer, untyped(options));
    default:
      return [fileSystem(situation, mount, mount.type, options, pointer)];
  }
}

function untyped({ data }: MountOptions): string {
  const meant = data
    .map(({ text }) => meantOption(text))
    .find((option) => option?.endsWith('bind'));
  return `neither a file system type nor option bind${didYouMean(meant)}`;
}

/** Options of podman's volumes that it hands on, before 5.7; it has done itself what they say. */
const OF_CALLERS: readonly string[] = ['copy', 'nocopy'];

function bindMount(
  situation: Situation,
  context: MountContext,
  mount: Mount,
  options: MountOptions,
  pointer: string,
): InitStep[] {
  if (!mount.source) return refuse(situation, mount, pointer, 'a bind mount needs a source');
  const foreign = options.data.find(({ text }) => !OF_CALLERS.includes(text));
  if (foreign !== undefined) {
    const hint = optionHint(foreign.text);
    const cause = `bind mounts cannot have file system options: ${foreign.text}${hint}`;
    return refuse(situation, mount, `${pointer}/options/${foreign.index}`, cause);
  }
  const source = below(context.bundle, mount.source);
  const rest = {
    setAttributes: options.set,
    clearAttributes: options.clear,
    recursiveSetAttributes: options.recursiveSet,
    recursiveClearAttributes: options.recursiveClear,
    propagation: options.propagation,
    target: cleanPath(mount.destination),
    ...targetRules(mount.destination),
  };
  const { recursive, copyLink, sourceNoFollow, targetNoFollow } = options;
  if (!(copyLink || sourceNoFollow || targetNoFollow) || asksForIds(mount, options)) {
    return [{ ...openSource(situation, context, mount, source, options, pointer), ...rest }];
  }
  const links = { copyLink, sourceNoFollow, targetNoFollow };
  return [{ step: 'bind-link', source, ...links, recursive, ...rest, pointer }];
}

function openSource(
  situation: Situation,
  { sources }: MountContext,
  mount: Mount,
  source: string,
  options: MountOptions,
  pointer: string,
): BindSource {
  const ids = mountIds(situation, mount, options, pointer);
  if (ids === undefined) return sources.bind(source, options.recursive, { pointer });
  return sources.mappedBind(source, options.recursive, ids, { pointer });
}

/** `remount`: of the mount itself with `bind`, else of the file system as a whole (mount(2)). */
function change(mount: Mount, options: MountOptions, pointer: string): InitStep {
  if (!isBind(mount)) return remount(mount, options, pointer);
  return {
    step: 'change-mount',
    setAttributes: options.set,
    clearAttributes: options.clear,
    recursiveSetAttributes: options.recursiveSet,
    recursiveClearAttributes: options.recursiveClear,
    propagation: options.propagation,
    target: cleanPath(mount.destination),
    pointer,
  };
}

function noteOptions(
  { notes }: Situation,
  mount: Mount,
  options: MountOptions,
  pointer: string,
): void {
  const iversion = options.classic & MS.I_VERSION ? ['iversion'] : [];
  const whole = [...options.superblock, ...iversion];
  if (whole.length > 0 && isBind(mount)) {
    const names = whole.join(', ');
    notes.warn(`${pointer}/options`, `${names} not applied: a bind mount shares its file system`);
  }
  if (options.copyUp && (isBind(mount) || mount.type !== 'tmpfs')) {
    notes.warn(`${pointer}/options`, 'tmpcopyup not applied: only a tmpfs can begin with a copy');
  }
}

function refuse({ notes }: Situation, mount: Mount, pointer: string, cause: string): InitStep[] {
  notes.refuse({ doing: `mount ${mount.destination}`, pointer, cause });
  return [];
}
