// What can go wrong, as a value, and the one line that a person reads.

import { visible } from './visible.js';

/**
 * An expected failure. Rendered as one line:
 * `doing: [path: ]cause-or-(syscall: errno text)[ (at POINTER in config.json)][; remedy]`.
 */
export interface Failure {
  /** The operation, lower case: `mount proc on /proc`. */
  readonly doing: string;
  /** JSON pointer (RFC 6901) of the property in config.json that asked for it. */
  readonly pointer?: string;
  /** The path or value the operation was about, where `doing` does not already hold it. */
  readonly path?: string;
  /** System call that failed, by its man-page name: `move_mount`. */
  readonly syscall?: string;
  /** errno name: `EPERM`. */
  readonly errno?: string;
  /** Why, in words: strerror(3) text for a system call, or the rule that was broken. */
  readonly cause: string;
  /** What to do about it, where the cause could be told. */
  readonly remedy?: string;
}

/** Carries a `Failure` up to the one place that prints it (`cli/command.ts`). */
export class Failed extends Error {
  constructor(
    readonly failure: Failure,
    /** Exit status of the whole command; runc's is 1 for its own failures (255 for `exec`). */
    readonly exitCode?: number,
  ) {
    super(render(failure));
    this.name = 'Failed';
  }
}

/** Throws a `Failed`. */
export function fail(failure: Failure): never {
  throw new Failed(failure);
}

/** The one line for a person, a log record and a caller that matches phrases. */
export function render(f: Failure): string {
  const what = f.path === undefined ? f.doing : `${f.doing}: ${f.path}`;
  const call = f.syscall === undefined ? f.cause : `${f.syscall}: ${f.cause}`;
  const code = f.errno === undefined ? '' : ` (${f.errno})`;
  const where = f.pointer === undefined ? '' : ` [config.json ${f.pointer || '/'}]`;
  const remedy = f.remedy === undefined ? '' : `; ${f.remedy}`;
  return visible(`${what}: ${call}${code}${where}${remedy}`);
}
