// The folder outside the repository for what is slow to make.

import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `$XDG_CACHE_HOME/sampan-test-UID`, else the same in /var/tmp. Others may read it; a folder of
 * that name which belongs to someone else is refused, since /var/tmp is open to all.
 */
export function cacheFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(process.env['XDG_CACHE_HOME'] ?? '/var/tmp', `sampan-test-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid) {
    throw new Error(`${folder} is not a directory of uid ${uid}: remove it or set XDG_CACHE_HOME`);
  }
  return folder;
}
