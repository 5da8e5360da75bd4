// What a survey means to who wants to run containers: one line each.

/** `limited`: containers run, and something that can be asked for does not work. */
export type Verdict = 'works' | 'limited' | 'missing';

/** One line of `check`. */
export interface Finding {
  readonly group: string;
  /** What it is about; unique in its group. */
  readonly name: string;
  readonly verdict: Verdict;
  /** What that means for containers, or where it works what was found. */
  readonly meaning: string;
  /** The command or setting that mends it. */
  readonly mend?: string;
  /** Whether a default container cannot run without. */
  readonly needed: boolean;
}

/** A line of a group; `what` is its meaning and what mends it. */
export type Line = Omit<Finding, 'group'>;

export function works(name: string, meaning: string, needed = false): Line {
  return { name, verdict: 'works', meaning, needed };
}

export function limited(name: string, meaning: string, mend?: string): Line {
  return { name, verdict: 'limited', meaning, ...(mend ? { mend } : {}), needed: false };
}

export function missing(name: string, meaning: string, mend?: string, needed = false): Line {
  return { name, verdict: 'missing', meaning, ...(mend ? { mend } : {}), needed };
}
