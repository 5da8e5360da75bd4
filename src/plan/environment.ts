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

/** `process.env` and what is added; HOME only where it is not set. */
export function environment({ process }: Situation, additions: Additions): string[] {
  const added: string[] = [];
  if (additions.listenFds > 0) added.push(`LISTEN_FDS=${additions.listenFds}`);
  if (additions.notifySocket) added.push(`NOTIFY_SOCKET=${additions.notifySocket}`);
  // init appends LISTEN_PID, which only it knows.
  const replaced = new Set(added.map(nameOf));
  if (additions.listenFds > 0) replaced.add('LISTEN_PID');
  const kept = lastOfEach(process.env ?? []).filter((entry) => !replaced.has(nameOf(entry)));
  // Neither plan nor init reads the container's passwd: root's home is the same in all of them.
  if (lastValue(kept, 'HOME') === undefined) {
    added.push(process.user.uid === 0 ? 'HOME=/root' : 'HOME=/');
  }
  return [...kept, ...added];
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
