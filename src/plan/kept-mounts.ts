// Mounts that later steps come back to, by descriptor: whoever can rename directories of the root
// could put another one in the place of /proc before it is masked.

import type { InitStep, Step } from './steps.js';

/** The step, where one of the `later` steps changes or hides something at or below one of `mounts`. */
export function keepMounts(mounts: readonly InitStep[], later: readonly Step[]): InitStep[] {
  const ways = new Set(
    [...mounts, ...later].flatMap((step) => (comesBack(step) ? wayTo(step.target) : [])),
  );
  const targets = new Set<string>();
  for (const step of mounts) {
    if (mountsOn(step) && ways.has(step.target)) targets.add(step.target);
  }
  if (targets.size === 0) return [];
  return [{ step: 'keep-mounts', targets: [...targets], because: 'paths in them' }];
}

/** A clean path and those above it but `/`. */
function wayTo(path: string): string[] {
  const way: string[] = [];
  for (let end = path.length; end > 1; end = path.lastIndexOf('/', end - 1)) {
    way.push(path.slice(0, end));
  }
  return way;
}

type Named<Name> = Extract<InitStep, { step: Name }>;

function comesBack(step: Step): step is Named<'mask-path' | 'make-read-only' | 'change-mount'> {
  return ['mask-path', 'make-read-only', 'change-mount'].includes(step.step);
}

function mountsOn(step: InitStep): step is Named<'mount-filesystem' | 'bind-mount'> {
  return MOUNTING.includes(step.step);
}

const MOUNTING: readonly InitStep['step'][] = [
  'mount-filesystem',
  'mount-copy-up',
  'mount-at-once',
  'bind-mount',
  'bind-link',
];
