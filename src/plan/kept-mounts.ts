// Mounts that later steps come back to, by descriptor: whoever can rename directories of the root
// could put another one in the place of /proc before it is masked.

import type { InitStep, Step } from './steps.js';

/** The step, where one of the `later` steps changes or hides something at or below one of `mounts`. */
export function keepMounts(mounts: readonly InitStep[], later: readonly Step[]): InitStep[] {
  const paths = [...mounts, ...later].flatMap((step) => (comesBack(step) ? [step.target] : []));
  const all = mounts.flatMap((step) =>
    mountsOn(step) && step.target !== '/' ? [step.target] : [],
  );
  const targets = [...new Set(all)].filter((target) =>
    paths.some((path) => path === target || path.startsWith(`${target}/`)),
  );
  return targets.length === 0 ? [] : [{ step: 'keep-mounts', targets, because: 'paths in them' }];
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
