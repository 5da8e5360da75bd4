// The runtimes that are compared, and how each is told to do the same thing.

import { existsSync } from 'node:fs';
import { sampan } from '../rig/executable.js';
import type { Rig } from '../rig/rig.js';

/** A runtime with the command line of an OCI runtime. */
export interface OciPeer {
  readonly kind: 'oci';
  readonly name: string;
  /** What its targets are stated for. */
  readonly family: 'sampan' | 'crun' | 'runc';
  /** In the root filesystem that it runs in. */
  readonly path: string;
  /** That of another release of Debian. */
  readonly tree?: string;
  /** Global options that this machine makes necessary. */
  readonly options: readonly string[];
}

/** A sandbox tool that only runs a command. */
export interface SandboxPeer {
  readonly kind: 'sandbox';
  readonly name: string;
  readonly path: string;
  readonly tree?: undefined;
  /** The command line up to the program, for a root filesystem. */
  readonly command: (rootfs: string) => readonly string[];
}

export type Peer = OciPeer | SandboxPeer;

/** Names of all that can be compared. */
export const peerNames = ['sampan', 'crun', 'runc', 'crun-sid', 'runc-sid', 'bubblewrap'] as const;

/**
 * sampan first, then the runtimes of this Debian and of the release in `tree`; what is not installed
 * is left out.
 */
export function peers(tree: string | undefined): Peer[] {
  const [crun, runc, bwrap] = ['/usr/bin/crun', '/usr/sbin/runc', '/usr/bin/bwrap'];
  const all: Peer[] = [
    oci('sampan', 'sampan', sampan.path),
    oci('crun', 'crun', crun),
    oci('runc', 'runc', runc),
    ...(tree === undefined
      ? []
      : [oci('crun-sid', 'crun', crun, tree), oci('runc-sid', 'runc', runc, tree)]),
    { kind: 'sandbox', name: 'bubblewrap', path: bwrap, command: bubblewrap },
  ];
  return all.filter(({ path, tree = '' }) => existsSync(`${tree}${path}`));
}

function oci(name: string, family: OciPeer['family'], path: string, tree?: string): OciPeer {
  return { kind: 'oci', name, family, path, ...(tree && { tree }), options: [] };
}

/** All the namespaces, a proc, a dev and a read-only root, like the default config.json. */
function bubblewrap(rootfs: string): string[] {
  const mounts = ['--ro-bind', rootfs, '/', '--proc', '/proc', '--dev', '/dev'];
  return ['/usr/bin/bwrap', '--unshare-all', ...mounts, '--tmpfs', '/tmp'];
}

/** `crun 1.28`: what it calls itself, in the rig in which it runs. */
export async function versionOf({ name, path }: Peer, rig: Rig): Promise<string> {
  const { stdout } = await rig.execute([path, '--version']);
  return `${name.replace(/-.*/, '')} ${/\d+(\.\d+)+/.exec(stdout)?.[0] ?? ''}`.trim();
}
