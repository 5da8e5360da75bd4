// Another release of Debian to run commands in: its callers and peers with this machine's kernel.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.js';

/** The root filesystem that callers run in; the machine's own by default. */
export const otherRoot: string | undefined = process.env['SAMPAN_CLIENTS_ROOT'] || undefined;

const dist = dirname(fileURLToPath(new URL('../../dist/sampan', import.meta.url)));

/**
 * The shell's part, in a mount namespace of its own. Not chroot(2): pivot_root(2) and user namespaces
 * are refused below one.
 */
const enter = `
  root=$1 dist=$2 cache=$3; shift 3
  mount --rbind "$root" "$root" && cd "$root" &&
  for at in /proc /sys /dev /tmp "$dist" "$cache"; do
    mkdir -p ".$at" && mount --rbind "$at" ".$at" || exit 125
  done
  here=$OLDPWD
  pivot_root . . && umount -l . && cd "$here" && exec "$@"`;

/** Words that make a command run there; they go after `pureCgroup2`. Needs root. */
export function enterRoot(root: string): string[] {
  return ['sh', '-c', enter, 'sh', root, dist, cacheFolder()];
}
