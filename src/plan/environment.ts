// The environment of the process (config.md#process).

import type { Situation } from './situation.js';

/** Search path of execvp(3) where the environment has none. */
const DEFAULT_PATH = '/bin:/usr/bin';

/** What the runtime adds to `process.env`. */
export interface Additions {
  /** Count of LISTEN_FDS, 0 for none; init adds LISTEN_PID (sd_listen_fds(3)). */
  readonly listenFds: number;
  /** NOTIFY_SOCKET as seen in the container (sd_notify(3)). */
  readonly notifySocket?: string | undefined;
}

/** Whether HOME is set; an empty one is not, as in runc. */
export function hasHome({ process }: Situation): boolean {
  return Boolean(lastValue(process.env ?? [], 'HOME'));
}

/** `process.env` and what is added. HOME and LISTEN_PID are init's to add. */
export function environment(situation: Situation, additions: Additions): string[] {
  const added: string[] = [];
  if (additions.listenFds > 0) added.push(`LISTEN_FDS=${additions.listenFds}`);
  if (additions.notifySocket) added.push(`NOTIFY_SOCKET=${additions.notifySocket}`);
  const replaced = new Set(added.map(nameOf));
  if (additions.listenFds > 0) replaced.add('LISTEN_PID');
  if (!hasHome(situation)) replaced.add('HOME');
  const given = lastOfEach(situation.process.env ?? []);
  return [...given.filter((entry) => !replaced.has(nameOf(entry))), ...added];
}

/** Of a name given twice the last counts, as in runc; getenv(3) would take the first. */
function lastOfEach(entries: readonly string[]): string[] {
  const last = new Map(entries.map((entry, index) => [nameOf(entry), index]));
  return entries.filter((entry, index) => last.get(nameOf(entry)) === index);
}

/** PATH that the program is searched in. */
export function searchPath({ process }: Situation): string {
  return lastValue(process.env ?? [], 'PATH') ?? DEFAULT_PATH;
}

function lastValue(entries: readonly string[], name: string): string | undefined {
  return entries.findLast((entry) => nameOf(entry) === name)?.slice(name.length + 1);
}

function nameOf(entry: string): string {
  return entry.split('=', 1)[0] ?? '';
}
