// Whether what concurrent commands on one id reported can have happened one after the other.

/** A command that ended; moments in any unit. */
export interface Done {
  readonly verb: 'create' | 'start' | 'kill' | 'delete';
  readonly ok: boolean;
  /** Of a create that failed because its process was killed meanwhile. */
  readonly cut?: boolean;
  /** Of a kill that was refused because a create was still at work (runtime.md#kill). */
  readonly early?: boolean;
  readonly begin: number;
  readonly end: number;
}

/**
 * `dying`: SIGKILL was sent; the process ends by itself. `making`: a create is at work that will be
 * `cut` off by a kill, and then removes what it made.
 */
export type Stage = 'gone' | 'making' | 'cut' | 'created' | 'running' | 'dying' | 'stopped';

/** Where a command that succeeds leads from each stage in which it may (runtime.md#operations). */
const leads: Record<Done['verb'], Partial<Record<Stage, Stage>>> = {
  create: { gone: 'created' },
  start: { created: 'running' },
  kill: { making: 'cut', cut: 'cut', created: 'dying', running: 'dying', dying: 'dying' },
  delete: { created: 'gone', stopped: 'gone' },
};

/** What a stage becomes without a command. */
const becomes: Partial<Record<Stage, Stage>> = { dying: 'stopped', cut: 'gone' };

/**
 * Whether there is an order of all commands in which each did what its stage allows, and no command
 * stands before one that had ended when it began. The stages that may be the last; none: unlawful.
 */
export function lastStages(history: readonly Done[], first: Stage): Set<Stage> {
  const last = new Set<Stage>();
  const seen = new Set<string>();
  const go = (left: readonly number[], stage: Stage): void => {
    const key = `${left.join()} ${stage}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (left.length === 0 && stage !== 'making') last.add(stage);
    if (becomes[stage] !== undefined) go(left, becomes[stage]);
    for (const i of firsts(history, left)) {
      const next = after(history[i] as Done, stage);
      if (next !== undefined) go(without(left, i), next);
    }
  };
  // That one says nothing of the stages here, in which a create is one moment.
  const told = history.map((one, i) => (one.early && duringCreate(one, history) ? -1 : i));
  go(
    told.filter((i) => i >= 0),
    first,
  );
  return last;
}

function duringCreate(kill: Done, history: readonly Done[]): boolean {
  return history.some(
    ({ verb, ok, cut, begin, end }) =>
      verb === 'create' && (ok || cut) && begin < kill.end && kill.begin < end,
  );
}

/** The stage after a command; undefined where it cannot have ended as it did. */
function after({ verb, ok, cut }: Done, stage: Stage): Stage | undefined {
  if (cut) return stage === 'gone' ? 'making' : undefined;
  const next = leads[verb][stage];
  if (ok) return next;
  return next === undefined ? stage : undefined;
}

/**
 * Those before which no other has ended. Of several that are alike only the one that ended first:
 * in any order it can change places with the others.
 */
function firsts(history: readonly Done[], left: readonly number[]): number[] {
  const ends = (i: number) => history[i]?.end ?? 0;
  const sorted = [...left].sort((a, b) => ends(a) - ends(b));
  const firstEnd = ends(sorted[0] ?? 0);
  const kinds = new Map<string, number>();
  for (const i of sorted) {
    const { verb, ok, cut, begin } = history[i] as Done;
    const kind = `${verb} ${ok} ${cut}`;
    if (begin <= firstEnd && !kinds.has(kind)) kinds.set(kind, i);
  }
  return [...kinds.values()];
}

function without(list: readonly number[], one: number): number[] {
  return list.filter((other) => other !== one);
}
