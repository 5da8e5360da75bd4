// Where bind mounts and the root are taken from: by path, or opened before the container's root is another user.

import type { InitStep, Origin, RuntimeStep } from './steps.js';

type BindMount = Extract<InitStep, { step: 'bind-mount' }>;
/** The half of a bind mount that says what is bound, and that anything may be. */
export type BindSource = Pick<
  BindMount,
  'step' | 'source' | 'opened' | 'index' | 'sourceInRoot' | 'recursive' | 'realTarget' | 'onlyProc'
> &
  Origin;

type OpenMapped = Extract<RuntimeStep, { step: 'open-mapped' }>;
/** How the ids of a source are mapped. */
export type MountIds = Pick<OpenMapped, 'mapAll' | 'propagation' | 'namespace' | 'uid' | 'gid'>;

/** Hands out sources; where they are to be opened early, `steps` holds the steps that do. */
export class BindSources {
  readonly steps: InitStep[] = [];
  /** What the runtime opens itself, before init is there. */
  readonly mapped: OpenMapped[] = [];

  constructor(private readonly early: boolean) {}

  /** The source of a bind mount. */
  bind(source: string, recursive: boolean, origin: Origin): BindSource {
    const from = this.open(source, recursive, origin);
    const plain = { sourceInRoot: false, realTarget: false, onlyProc: false };
    return { step: 'bind-mount', ...from, ...plain, recursive, ...origin };
  }

  /** The source of a bind mount with its ids mapped, which init is given. */
  mappedBind(source: string, recursive: boolean, ids: MountIds, origin: Origin): BindSource {
    const index = this.steps.length;
    const slot = `mount-${this.mapped.length}` as const;
    this.mapped.push({ step: 'open-mapped', source, recursive, ...ids, slot, ...origin });
    this.steps.push({ step: 'take-source', index, mount: slot, ...origin });
    const from = { source, opened: true, index, sourceInRoot: false };
    return {
      step: 'bind-mount',
      ...from,
      realTarget: false,
      onlyProc: false,
      recursive,
      ...origin,
    };
  }

  /** `opened` and `index` of a source. */
  open(
    source: string,
    recursive: boolean,
    origin: Origin,
  ): { source: string; opened: boolean; index: number } {
    if (!this.early) return { source, opened: false, index: 0 };
    const index = this.steps.length;
    this.steps.push({ step: 'open-source', source, recursive, index, ...origin });
    return { source, opened: true, index };
  }
}
