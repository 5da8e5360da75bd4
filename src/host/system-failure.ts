// Turns what node:fs and the addon throw into a failure that a person can read.

import { Failed, type Failure } from '../failure.js';

/** What an error of a system call looks like, from node:fs as from the addon. */
interface ErrnoError extends Error {
  readonly syscall: string;
  readonly code: string;
  readonly path?: string;
}

/** Whether an error came from a system call. */
export function isSystemError(error: unknown): error is ErrnoError {
  // Not instanceof: an error of another realm (node:vm) is one as well.
  return typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;
}

/** The errno name of an error, or undefined. */
export function codeOf(error: unknown): string | undefined {
  return isSystemError(error) ? error.code : undefined;
}

/**
 * The failure behind an error of a system call; `doing` and what else is known come from the
 * caller. Anything that is not the kernel's refusal is a bug and is thrown on.
 */
export function systemFailure(
  error: unknown,
  known: Partial<Failure> & { doing: string },
): Failure {
  if (!isSystemError(error)) throw error;
  const path = known.path ?? (known.doing.includes(error.path ?? '') ? undefined : error.path);
  return {
    syscall: error.syscall,
    errno: error.code,
    cause: textOf(error),
    ...(path === undefined ? {} : { path }),
    ...known,
  };
}

/** Runs a system call and turns its refusal into a `Failed`. */
export function attempt<T>(known: Partial<Failure> & { doing: string }, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof Failed) throw error;
    throw new Failed(systemFailure(error, known));
  }
}

/**
 * The words of the errno alone. node:fs writes `EPERM: operation not permitted, open '/x'`, the
 * addon `open: Operation not permitted: /x`.
 */
function textOf({ message, syscall, path }: ErrnoError): string {
  const ofNode = /^[A-Z0-9]+: (.*?)(?:, \w+(?: '.*)?)?$/s.exec(message)?.[1];
  if (ofNode !== undefined) return ofNode;
  const start = message.startsWith(`${syscall}: `) ? syscall.length + 2 : 0;
  const end = message.endsWith(`: ${path}`) ? -`: ${path}`.length : undefined;
  const text = message.slice(start, end);
  return text.charAt(0).toLowerCase() + text.slice(1);
}
