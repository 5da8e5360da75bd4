// argv → command → exit status. The only place where a failure is caught and printed.

import { Failed } from '../failure.js';
import { debugging, logError } from '../log.js';
import { visible } from '../visible.js';
import { dispatch } from './dispatch.js';

/** Carries out a command line (without the program's name); the exit status. */
export async function command(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    logError(error instanceof Failed ? error.message : bugReport(error));
    return error instanceof Failed ? (error.exitCode ?? 1) : 1;
  }
}

/** A throw that is no `Failed` is a bug of ours. */
function bugReport(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (debugging() && stack) return `internal error: ${stack}`;
  return `internal error: ${visible(message)}; please report it with the output of --debug`;
}
