// A machine that looks other than this one to a command: files and mounts that only it sees.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const own = ['unshare', '--mount', '--propagation', 'private'];

/** Words that have a shell script run before a command, in the same new mount namespace. Needs root. */
export function after(script: string): string[] {
  return [...own, 'sh', '-c', `${script} || exit 125; exec "$@"`, 'sh'];
}

/** Binds the first of each pair of arguments before `--` onto the second, and executes what follows. */
const enter =
  'while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 125; shift 2; done; shift; exec "$@"';

/**
 * Words that make a command see `files`, by path, with another text, kept in `dir`. Needs root, and
 * each of the files to be there.
 */
export function seeing(dir: string, files: Readonly<Record<string, string>>): string[] {
  const folder = join(dir, 'seen');
  mkdirSync(folder, { recursive: true });
  const pairs = Object.entries(files).flatMap(([path, text]) => {
    const copy = join(folder, path.replaceAll('/', '_'));
    writeFileSync(copy, text, { mode: 0o644 });
    return [copy, path];
  });
  return [...own, 'sh', '-c', enter, 'sh', ...pairs, '--'];
}
