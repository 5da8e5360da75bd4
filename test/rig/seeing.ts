// A machine that looks other than this one to a command: files that only it sees.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
  const view = ['unshare', '--mount', '--propagation', 'private'];
  return [...view, 'sh', '-c', enter, 'sh', ...pairs, '--'];
}
