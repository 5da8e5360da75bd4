// Who runs the runtime: root, or an ordinary user with ranges of subordinate ids.

import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { execaSync } from 'execa';

/** A first id and how many follow it, from /etc/subuid or /etc/subgid. */
export interface IdRange {
  readonly first: number;
  readonly count: number;
}

/** An account, and the words that go before a command to run it as that account. */
export interface Identity {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly prefix: readonly string[];
  /** Subordinate ids; none for root and for a user who has not been given any. */
  readonly subuid?: IdRange;
  readonly subgid?: IdRange;
}

const testUser = 'sampan-test';

/** Whether the tests themselves run as root. */
export const amRoot = userInfo().uid === 0;

/** The superuser; only there when the tests run as root. */
export function root(): Identity {
  return { name: 'root', uid: 0, gid: 0, home: '/root', prefix: [] };
}

/** An ordinary user: whoever runs the tests, or for root an account made for this. */
export function ordinaryUser(): Identity {
  if (!amRoot) return withRanges(userInfo().username, []);
  if (lookUp(testUser) === undefined) addTestUser();
  const ids = [`--reuid=${testUser}`, `--regid=${testUser}`, '--init-groups'];
  return withRanges(testUser, ['setpriv', ...ids, '--inh-caps=-all', '--']);
}

/** Why an ordinary user cannot run containers here, if so. */
export function whyNoUser(): string | undefined {
  const [command = '', ...args] = [...ordinaryUser().prefix, 'unshare', '--user', 'true'];
  const { exitCode, stderr } = execaSync(command, args, { reject: false });
  return exitCode === 0 ? undefined : `no user namespaces for ordinary users: ${stderr}`;
}

/** useradd gives an account its subordinate ids where login.defs does not say otherwise. */
function addTestUser(): void {
  const options = ['--create-home', '--user-group', '--shell', '/bin/sh'];
  // 9: another test worker was quicker.
  const { exitCode, stderr } = execaSync('useradd', [...options, testUser], { reject: false });
  if (exitCode !== 0 && exitCode !== 9) throw new Error(`useradd ${testUser}: ${stderr}`);
}

function withRanges(name: string, prefix: readonly string[]): Identity {
  const account = lookUp(name);
  if (account === undefined) throw new Error(`/etc/passwd has no account ${name}`);
  const subuid = rangeOf('/etc/subuid', name);
  const subgid = rangeOf('/etc/subgid', name);
  return { ...account, name, prefix, ...(subuid && { subuid }), ...(subgid && { subgid }) };
}

function lookUp(name: string): Pick<Identity, 'uid' | 'gid' | 'home'> | undefined {
  const line = fields('/etc/passwd').find((field) => field[0] === name);
  return line && { uid: Number(line[2]), gid: Number(line[3]), home: String(line[5]) };
}

function rangeOf(file: string, name: string): IdRange | undefined {
  const line = existsSync(file) && fields(file).find((field) => field[0] === name);
  return line ? { first: Number(line[1]), count: Number(line[2]) } : undefined;
}

function fields(file: string): string[][] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
}

/** A user who is no more than a number: without a name, and with no ids besides the own. */
export function numericUser(uid: number): Identity {
  const ids = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const prefix = ['setpriv', ...ids, '--inh-caps=-all', '--'];
  return { name: `#${uid}`, uid, gid: uid, home: '/', prefix };
}
