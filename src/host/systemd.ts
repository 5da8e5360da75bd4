// Which manager of systemd a container of this caller belongs to, and where that keeps its units.

import * as fs from 'node:fs';
import { ownCgroup } from './cgroup-layout.js';
import type { HostFacts } from './facts.js';
import { idOutside } from './id-map.js';

/** Looks at the caller; `inNamespace`: whether it is in a user namespace of its own. */
export function systemdFacts(
  { mount = '', own }: HostFacts['cgroup'],
  inNamespace: boolean,
  env: NodeJS.ProcessEnv = process.env,
): HostFacts['systemd'] {
  const uid = hostUid(process.geteuid?.() ?? 0, readIfThere('/proc/self/uid_map'));
  // Root of a user namespace is a user, unless it logged in as root there (a container with systemd).
  const isRoot = process.geteuid?.() === 0 && (!inNamespace || env.USER === 'root');
  const cgroup = isRoot ? systemCgroup(readIfThere('/proc/1/cgroup')) : userCgroup(own, uid);
  const controllers = readIfThere(`${mount}${cgroup}/cgroup.controllers`);
  return {
    manager: isRoot ? 'system' : 'user',
    uid,
    cgroup,
    controllers: controllers.trim().split(' ').filter(Boolean),
  };
}

/** The uid as the host knows it (user_namespaces(7)). */
export function hostUid(uid: number, map: string): number {
  return idOutside(uid, map) ?? uid;
}

/** The system's manager is in the unit init.scope of its own tree; empty for the top. */
export function systemCgroup(text: string): string {
  const { own = '/' } = ownCgroup(text);
  return own.replace(/\/init\.scope$/, '').replace(/\/$/, '');
}

/** The caller's own place tells it, unless that is a session beside the user's manager. */
export function userCgroup(own: string | undefined, uid: number): string {
  const manager = /^.*\/user@\d+\.service(?=\/|$)/.exec(own ?? '')?.[0];
  return manager ?? `/user.slice/user-${uid}.slice/user@${uid}.service`;
}

function readIfThere(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
