// The caller's lines of /etc/subuid and /etc/subgid, and the helpers that may write them.

import * as fs from 'node:fs';
import type { SubIdRange } from './facts.js';

/** Where a distribution installs setuid helpers. Never searched in PATH: they act with privileges. */
const HELPER_FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/usr/sbin', '/sbin'];

/** Ranges of `file` for `uid`, by its name or by its number (subuid(5)). */
export function subordinateIds(file: string, uid: number, passwd = '/etc/passwd'): SubIdRange[] {
  const text = readIfThere(file);
  if (text === '') return [];
  const name = userName(uid, passwd);
  const owned = (owner: string) => owner === String(uid) || (name !== undefined && owner === name);
  return text.split('\n').flatMap((line) => {
    const [owner = '', start, count] = line.split(':');
    if (!owned(owner) || !isCount(start) || !isCount(count)) return [];
    return [{ start: Number(start), count: Number(count) }];
  });
}

/** The login name of `uid` in /etc/passwd, or undefined: no directory service is asked. */
export function userName(uid: number, passwd = '/etc/passwd'): string | undefined {
  for (const line of readIfThere(passwd).split('\n')) {
    const [name, , id] = line.split(':', 3);
    if (id === String(uid)) return name;
  }
  return undefined;
}

/** Absolute path of a helper such as newuidmap(1), or undefined where it is not installed. */
export function findHelper(name: string): string | undefined {
  return HELPER_FOLDERS.map((folder) => `${folder}/${name}`).find((path) => fs.existsSync(path));
}

function isCount(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,10}$/.test(text);
}

function readIfThere(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
