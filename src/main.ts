// argv → command → exit status. The only place where a failure is caught and printed.

import { dispatch } from './cli/dispatch.js';
import { Failed } from './failure.js';
import { debugging, logError } from './log.js';
import { visible } from './visible.js';

process.exit(await main());

async function main(): Promise<number> {
  try {
    return await dispatch(process.argv.slice(2));
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
