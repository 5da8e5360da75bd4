// A tree of another release of Debian, with its callers and peers.

import { execaSync } from 'execa';
import { cacheFolder } from '../rig/cache.js';

/** What runs in such a tree; what is a daemon runs on the machine only. */
export const elsewhere = ['podman', 'buildah', 'conmon'];
export const packages = [
  ...elsewhere,
  ...['catatonit', 'criu', 'crun', 'docker-registry', 'netavark', 'runc'],
];

/** Makes the tree of a release with `packages` unless it is there; the first time takes minutes. */
export function makeRoot(release: string, packages: readonly string[], account: string): string {
  const tree = `${cacheFolder()}/clients-${release}`;
  const include = `--include=${['uidmap', 'util-linux', 'procps', ...packages].join(',')}`;
  // The lists of a release that moves are soon out of date on a mirror that stands.
  const options = ['--variant=minbase', '--quiet', '--format=directory', include];
  const valid = '--aptopt=Acquire::Check-Valid-Until "false"';
  const make = `
    test -e "$1" && exit; rm -rf "$1.new"; tree=$1 release=$2; shift 2
    mmdebstrap "$@" "$release" "$tree.new" &&
    chroot "$tree.new" useradd --create-home --uid "$(id -u ${account})" --user-group ${account} &&
    mv "$tree.new" "$tree"`;
  execaSync('sh', ['-c', make, 'sh', tree, release, ...options, valid], { stdio: 'inherit' });
  return tree;
}
