// What a rule across properties is made of.

import type { Config } from '../config/config.js';
import type { Problems } from '../problem.js';

/** A check that the types of single values cannot express. */
export interface Rule {
  /**
   * Pointers of what it reads. It is left out when the schema failed there, so that one mistake
   * is not reported twice. `/mounts/*` reads a list whose failed elements are `undefined`.
   */
  readonly reads: readonly string[];
  /** Reports what is wrong; runs on every start, so it allocates nothing when all is well. */
  check(config: Config, to: Problems): void;
}

/** Calls `visit` for each element that passed the schema. */
export function each<T>(list: readonly T[] | undefined, visit: (item: T, index: number) => void) {
  list?.forEach((item, index) => {
    if (item !== undefined) visit(item, index);
  });
}

/** Whether a path is absolute. */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}
