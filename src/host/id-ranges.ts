// The caller's name, its lines of /etc/subuid and /etc/subgid, and the helpers that may write them.

import * as fs from 'node:fs';
import { addon } from '../native/load.js';
import type { HostFacts, SubIdRange } from './facts.js';

/** Where a distribution installs setuid helpers. Never searched in PATH: they act with privileges. */
const HELPER_FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/usr/sbin', '/sbin'];

/** Where useradd(8) begins (SUB_UID_MIN of login.defs(5)). */
const FIRST_FREE = 100_000;

type Kind = 'uid' | 'gid';

/** The caller's ranges, `name` being its login name where it has one. */
export function ownRanges(uid: number, name: string | undefined): HostFacts['subordinateIds'] {
  const ranges = (kind: Kind) =>
    rangesByService(kind, name) ?? subordinateIds(`/etc/sub${kind}`, uid, name);
  return {
    uid: ranges('uid'),
    gid: ranges('gid'),
    free: Math.max(firstFree('/etc/subuid'), firstFree('/etc/subgid')),
  };
}

/** Ranges of `file` for a user, by its name or by its number (subuid(5)). */
export function subordinateIds(file: string, uid: number, name: string | undefined): SubIdRange[] {
  const owned = (owner: string) => owner === String(uid) || (name !== undefined && owner === name);
  return grants(file)
    .filter(({ owner }) => owned(owner))
    .map(({ start, count }) => ({ start, count }));
}

/** The first id above all grants of `file`. */
export function firstFree(file: string): number {
  return Math.max(FIRST_FREE, ...grants(file).map(({ start, count }) => start + count));
}

function grants(file: string): (SubIdRange & { readonly owner: string })[] {
  return readIfThere(file)
    .split('\n')
    .flatMap((line) => {
      const [owner = '', start, count] = line.split(':');
      if (!isCount(start) || !isCount(count)) return [];
      return [{ owner, start: Number(start), count: Number(count) }];
    });
}

/** Where nsswitch.conf(5) has another source than the files, getsubids(1) knows it. */
function rangesByService(kind: Kind, name: string | undefined): SubIdRange[] | undefined {
  const sources = /^\s*subid:\s*(.*)$/m.exec(readIfThere('/etc/nsswitch.conf'))?.[1]?.trim();
  if (name === undefined || sources === undefined || sources === 'files') return undefined;
  const answer = ask('getsubids', kind === 'gid' ? ['-g', name] : [name]);
  return answer === undefined ? undefined : parseGetsubids(answer);
}

/** Reads what getsubids(1) prints: `0: ann 100000 65536`. */
export function parseGetsubids(answer: string): SubIdRange[] {
  const lines = answer.split('\n').map((line) => line.split(' '));
  return lines.flatMap(([, , start, count]) => {
    return isCount(start) && isCount(count) ? [{ start: Number(start), count: Number(count) }] : [];
  });
}

/** A line of passwd(5). */
export interface Account {
  readonly name: string;
  readonly group: number;
}

/** The account of `uid` in /etc/passwd, or what any other name service says (getent(1)). */
export function account(uid: number): Account | undefined {
  return accountIn(readIfThere('/etc/passwd'), uid) ?? askedAccount(uid);
}

function askedAccount(uid: number): Account | undefined {
  return accountIn(ask('getent', ['passwd', String(uid)]) ?? '', uid);
}

/** The first account of `uid` in a text like /etc/passwd. */
export function accountIn(passwd: string, uid: number): Account | undefined {
  for (const line of passwd.split('\n')) {
    const [name, , id, group] = line.split(':', 4);
    if (name && id === String(uid)) return { name, group: Number(group) };
  }
  return undefined;
}

/** The login name of `uid` in /etc/passwd, or undefined: no directory service is asked. */
export function userName(uid: number): string | undefined {
  return accountIn(readIfThere('/etc/passwd'), uid)?.name;
}

/** The group that newuidmap(1) wants its caller to be in, unless any will do (login.defs(5)). */
export function wantedGroup(own: Account | undefined): number | undefined {
  const any = /^\s*GRANT_AUX_GROUP_SUBIDS\s+yes/m.test(readIfThere('/etc/login.defs'));
  return any ? undefined : own?.group;
}

/** Absolute path of a helper such as newuidmap(1), or undefined where it is not installed. */
export function findHelper(name: string): string | undefined {
  return HELPER_FOLDERS.map((folder) => `${folder}/${name}`).find((path) => fs.existsSync(path));
}

/** What a program prints; undefined where it is not installed or does not know. */
function ask(name: string, args: readonly string[]): string | undefined {
  const path = findHelper(name);
  if (path === undefined) return undefined;
  const { status, output } = addon().runHelper(path, args);
  return status === 0 ? output : undefined;
}

function isCount(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,10}$/.test(text);
}

function readIfThere(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
