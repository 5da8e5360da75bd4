// The runtimes that are compared, and how each is told to do the same thing.

import { existsSync } from 'node:fs';
import { runtimeFor } from '../rig/executable.js';
import type { Identity } from '../rig/identity.js';
import type { Rig } from '../rig/rig.js';

/** A runtime with the command line of an OCI runtime. */
export interface OciPeer {
  readonly kind: 'oci';
  readonly name: string;
  readonly path: string;
  /** Global options that this machine makes necessary. */
  readonly options: readonly string[];
}

/** A sandbox tool that only runs a command. */
export interface SandboxPeer {
  readonly kind: 'sandbox';
  readonly name: string;
  /** The command line up to the program, for a root filesystem. */
  readonly command: (rootfs: string) => readonly string[];
}

export type Peer = OciPeer | SandboxPeer;

/** sampan first, then Debian's runtimes; one that is not installed is left out. */
export function peers(identity: Identity): Peer[] {
  const oci = (name: string, path: string): OciPeer => ({ kind: 'oci', name, path, options: [] });
  const all: Peer[] = [
    oci('sampan', runtimeFor(identity)),
    oci('crun', '/usr/bin/crun'),
    oci('runc', '/usr/sbin/runc'),
    { kind: 'sandbox', name: 'bubblewrap', command: bubblewrap },
  ];
  return all.filter((peer) => peer.kind === 'sandbox' || existsSync(peer.path));
}

/** All the namespaces, a proc, a dev and a read-only root, like the default config.json. */
function bubblewrap(rootfs: string): string[] {
  const mounts = ['--ro-bind', rootfs, '/', '--proc', '/proc', '--dev', '/dev'];
  return ['/usr/bin/bwrap', '--unshare-all', ...mounts, '--tmpfs', '/tmp'];
}

/**
 * The peer with the options that let it run `bundle` here, or why it does not run at all. crun as
 * root refuses a machine where it cannot raise RLIMIT_MEMLOCK for the device program.
 */
export async function settle(peer: Peer, rig: Rig, bundle: string): Promise<Peer | string> {
  if (peer.kind === 'sandbox') return peer;
  let reason = '';
  for (const options of peer.name === 'crun' ? [[], ['--cgroup-manager=disabled']] : [[]]) {
    const settled = { ...peer, options };
    const line = [...commandLine(settled, rig), 'run', '--bundle', bundle, rig.newId()];
    const { status, stderr } = await rig.execute(line);
    if (status === 0) return settled;
    reason = stderr.trim().split('\n').at(-1) ?? `exit status ${status}`;
  }
  return reason;
}

/** The words before the verb. */
export function commandLine(peer: OciPeer, rig: Rig): string[] {
  return [peer.path, ...peer.options, '--root', `${rig.stateDirectory}-${peer.name}`];
}
