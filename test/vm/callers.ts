// What people do in the guest with the programs that call a runtime, done with this one and again with a
// peer: exit codes, output and leftovers must be the same, as in test/clients/, which has no limits.

import { type Account, Transcript } from '../clients/account.js';
import { verdict } from '../clients/finding.js';
import { record } from '../clients/results.js';
import { without } from '../clients/view.js';
import { until } from '../rig/until.js';
import { type Guest, inGuest } from './containers.js';
import type { Ran, Who } from './machine.js';

/** A program that calls runtimes. */
export interface Caller {
  readonly name: string;
  readonly peer: 'crun' | 'runc';
  /** The words that its commands begin with. */
  words(runtime: string): string;
  /** Makes it work once for all its promises. */
  prepare(guest: Guest): Promise<void>;
  /** A script that removes all containers. */
  readonly cleanUp: string;
}

export type Body = (session: Session) => Promise<void>;
export type Promises = (name: string, body: Body, options?: PromiseOptions) => void;

export interface PromiseOptions {
  /** Why the peer does otherwise; it then must. */
  readonly differs?: string;
}

/** Longest command, in milliseconds. */
const LONGEST = 240_000;

/** Declares promises that hold with this runtime, and with the peer in the same way. */
export function comparedInGuest(
  caller: Caller,
  title: string,
  whos: readonly Who[],
  declare: (promise: Promises) => void,
): void {
  const { name: callerName, peer } = caller;
  const prepared = new Map<string, Promise<void>>();
  inGuest(`${callerName}: ${title}`, 'clients', whos, (promise) =>
    declare((name, body, { differs } = {}) =>
      promise(`${name}, as with ${peer}`, async (guest) => {
        const key = `${guest.who} ${guest.boots}`;
        const ready = prepared.get(key) ?? caller.prepare(guest);
        prepared.set(key, ready);
        await ready;
        const ours = await account(guest, caller, 'sampan', body);
        const found =
          ours.error === undefined
            ? { theirs: await account(guest, caller, peer, body), peer, known: differs }
            : undefined;
        const row = { caller: callerName, title, name, way: guest.who, peer };
        record({ ...row, ...verdict(ours, found) }, 'guest').orThrow();
      }),
    ),
  );
}

/** What happens with one runtime. */
async function account(
  guest: Guest,
  caller: Caller,
  runtime: string,
  body: Body,
): Promise<Account> {
  const transcript = new Transcript();
  const session = new Session(guest, caller.words(runtime), runtime, transcript);
  const before = await present(guest);
  const isDone = body(session).finally(() => guest.run(caller.cleanUp, LONGEST));
  const error = await isDone
    .then(() => settle(guest, before))
    .then(
      () => undefined,
      (thrown: unknown) => explained(thrown, runtime, session.history),
    );
  return { steps: transcript.steps, error };
}

function explained(thrown: unknown, runtime: string, history: readonly string[]): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  error.message = `with ${runtime}: ${error.message}\n\nCommands:\n${history.join('\n')}`;
  return error;
}

/** A caller's commands with one runtime. */
export class Session {
  readonly history: string[] = [];

  constructor(
    readonly guest: Guest,
    private readonly words: string,
    readonly runtime: string,
    private readonly transcript: Transcript,
  ) {}

  /** A command, put down for the comparison; `show` is what of its output is the same each time. */
  async run(line: string, show?: (stdout: string) => string, before?: string): Promise<Ran> {
    const ran = await this.ask(line, before);
    return this.transcript.note([line], ran, show);
  }

  /** The same; its output. Throws unless it ends with 0. */
  async must(line: string, show?: (stdout: string) => string): Promise<string> {
    const { status, stdout, stderr } = await this.run(line, show);
    if (status !== 0) throw new Error(`${line}: ended with ${status}: ${stderr}`);
    return stdout;
  }

  /** A command that is not put down. `before` are words before it, such as systemd-run and its own. */
  async ask(line: string, before = ''): Promise<Ran> {
    const ran = await this.guest.run(`${before} ${this.words} ${line}`, LONGEST);
    this.history.push(`$ ${line}\n[${ran.status}] ${ran.stderr}${ran.stdout}`);
    return ran;
  }

  /** What the files of the cgroup of a process hold, from outside. */
  async cgroupFiles(pid: string, ...names: readonly string[]): Promise<string> {
    const place = `/sys/fs/cgroup$(sed -n s/^0:://p /proc/${pid}/cgroup)`;
    return this.guest.asRoot(`cd "${place}" && cat ${names.join(' ')}`);
  }
}

/** What each command leaves in another place, or at another time, is no sign; nor is who was first. */
const PRESENT = `
  find /sys/fs/cgroup -mindepth 1 -type d -printf 'cgroup %P\\n'
  awk '{ print "mount", $5 }' /proc/self/mountinfo
  ps -e -o ppid=,pid=,comm= | awk '$1 != 2 && $2 != 2 { print "process", $3 }'
  find /run -path '*/systemd' -prune -o -type d -printf 'directory %p\\n'
  true`;
const PASSING = [
  /\.slice$|\/run-[^/]*(?:\/|$)/,
  /^process (?:systemd|\(|dbus|agent|ps$|find$|awk$|sh$|busybox)/,
  /^directory .*\/(?:sampan|crun|runc)(?:\/\.cache.*)?$/,
];

/** Cgroups, mounts, processes and directories of state, without ids and numbers. */
async function present(guest: Guest): Promise<string[]> {
  const lines = (await guest.asRoot(PRESENT)).split('\n');
  return lines
    .filter((line) => !PASSING.some((pattern) => pattern.test(line)))
    .map((line) => line.replace(/[0-9a-f]{10,}|\d+/g, '#'));
}

/** Throws unless what is there comes to be what was `before`: callers tidy up after they have answered. */
async function settle(guest: Guest, before: readonly string[]): Promise<void> {
  let more: string[] = [];
  const isSettled = async () => {
    more = without(await present(guest), before);
    return more.length === 0;
  };
  if (!(await until(isSettled, 20_000))) throw new Error(`left behind:\n  ${more.join('\n  ')}`);
}
