// The log as the global options want it.

import { fail } from '../failure.js';
import { attempt } from '../host/system-failure.js';
import { configureLog } from '../log.js';
import type { globalFlags } from './flags/global.js';
import { given, type Values } from './verb.js';

/** Opens the log. Fails when the file cannot be opened or names a log we do not write to. */
export function startLog(flags: Values<typeof globalFlags>): void {
  // As it is from the beginning: nothing to do, and done on every start.
  if (
    flags.log === undefined &&
    flags['log-format'] === 'text' &&
    !flags.debug &&
    !flags['log-level']
  )
    return;
  const file = flags.log === undefined ? undefined : fileOf(flags.log);
  const options = { format: flags['log-format'], debug: flags.debug };
  attempt({ doing: 'open the log', ...given({ path: file }) }, () =>
    configureLog({ ...options, ...given({ file, level: flags['log-level'] }) }),
  );
}

/** crun's prefixes: `file:PATH` is a path, the two other logs are not ours. */
function fileOf(text: string): string {
  const kind = /^(file|journald|syslog):/.exec(text)?.[1];
  if (kind === undefined) return text;
  if (kind === 'file') return text.slice('file:'.length);
  return fail({
    doing: '--log',
    path: text,
    cause: `logging to ${kind} is not supported`,
    remedy: 'name a file, or leave --log out and pass stderr on with systemd-cat(1) or logger(1)',
  });
}
