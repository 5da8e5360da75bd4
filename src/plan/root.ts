// The root filesystem: how it becomes the container's / (config.md#root, pivot_root(2)).

import type { BindSources } from './bind-sources.js';
import { CLONE, MS } from './flags.js';
import { PROPAGATION } from './mount-words.js';
import { has } from './namespaces.js';
import { below } from './paths.js';
import type { LaunchOptions } from './plan.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

const PROPAGATION_POINTER = '/linux/rootfsPropagation';

/** Cuts the tree off from the host's as asked, and opens the root for all that follows. */
export function openRoot(situation: Situation, bundle: string, sources: BindSources): InitStep[] {
  const attach = has(situation, CLONE.NEWNS);
  if (!attach) checkNoMounts(situation);
  const pointer = '/root/path';
  const path = below(bundle, situation.config.root.path);
  const open: InitStep = {
    step: 'open-root',
    ...sources.open(path, true, { pointer }),
    attach,
    pointer,
  };
  return attach ? [inheritedPropagation(situation), open] : [open];
}

/** The last steps of the file system: the root becomes /, read-only and with its propagation. */
export function enterRoot(situation: Situation, { noPivot }: LaunchOptions): InitStep[] {
  const pointer = '/root/path';
  if (!has(situation, CLONE.NEWNS)) return [{ step: 'change-root', pointer }];
  const enter: InitStep = noPivot
    ? { step: 'move-root', because: 'option --no-pivot' }
    : { step: 'pivot-root', pointer };
  const { root } = situation.config;
  const readOnly: InitStep[] = root.readonly
    ? [{ step: 'make-root-read-only', pointer: '/root/readonly' }]
    : [];
  return [enter, ...readOnly, ...ownPropagation(situation)];
}

/**
 * What a tree opened outside the container's mount namespace needs for what `set-propagation` does to
 * the others: as it is where mounts are to be shared, else never a peer of the host's.
 */
export function sourcePropagation(situation: Situation): number {
  const flags = rootPropagation(situation);
  if (flags & MS.SHARED) return 0;
  return flags & (MS.PRIVATE | MS.UNBINDABLE) ? MS.PRIVATE : MS.SLAVE;
}

function inheritedPropagation(situation: Situation): InitStep {
  const flags = rootPropagation(situation);
  if (flags === 0) {
    return {
      step: 'set-propagation',
      flags: MS.SLAVE | MS.REC,
      because: 'default propagation rslave',
    };
  }
  // An unbindable tree could not give the bind mount that the root becomes.
  const possible = flags & MS.UNBINDABLE ? MS.PRIVATE | MS.REC : flags;
  return { step: 'set-propagation', flags: possible, pointer: PROPAGATION_POINTER };
}

function ownPropagation(situation: Situation): InitStep[] {
  const flags = rootPropagation(situation);
  return flags === 0 ? [] : [{ step: 'set-root-propagation', flags, pointer: PROPAGATION_POINTER }];
}

/** MS_* of `linux.rootfsPropagation`, 0 for none. */
function rootPropagation({ linux }: Situation): number {
  return PROPAGATION.get(linux.rootfsPropagation ?? '') ?? 0;
}

/** Without a mount namespace each mount would be the host's and would stay. */
function checkNoMounts({ config, linux, notes }: Situation): void {
  const asked: readonly (readonly [pointer: string, value: unknown])[] = [
    ['/mounts', config.mounts?.length],
    ['/linux/maskedPaths', linux.maskedPaths?.length],
    ['/linux/readonlyPaths', linux.readonlyPaths?.length],
    ['/root/readonly', config.root.readonly],
    [PROPAGATION_POINTER, linux.rootfsPropagation],
  ];
  for (const [pointer, value] of asked) {
    if (!value) continue;
    notes.refuse({
      doing: 'set up the root filesystem',
      pointer,
      cause: 'without a mount namespace this would change the host',
      remedy: 'add {"type": "mount"} to linux.namespaces',
    });
  }
}
