// Trees of the host with their ids mapped, opened before the container is there (mount_setattr(2)).

import * as fs from 'node:fs';
import type { Addon } from '../native/addon.js';
import type { RuntimeStep } from '../plan/steps.js';
import { type IdMaps, writeIdMaps } from './id-maps.js';
import type { Session } from './session.js';

type OpenMapped = Extract<RuntimeStep, { step: 'open-mapped' }>;

const CLONE_NEWUSER = 0x10000000;

/** Opens one into its slot. */
export function openMapped({ addon, slots, userNamespaces }: Session, step: OpenMapped): void {
  const { source, recursive, mapAll, propagation, slot } = step;
  const key = step.namespace ?? JSON.stringify([step.uid, step.gid]);
  const namespace = userNamespaces.get(key) ?? namespaceOf(addon, step);
  userNamespaces.set(key, namespace);
  const flags = [Number(recursive), Number(mapAll)] as const;
  slots.set(slot, addon.openMappedTree(source, namespace, ...flags, propagation));
}

function namespaceOf(addon: Addon, { namespace, uid, gid }: OpenMapped): number {
  if (namespace !== undefined) return fs.openSync(namespace, 'r');
  return openUserNamespace(addon, { method: 'direct', uid, gid });
}

/** A new user namespace with these maps, which is there as long as the descriptor is. */
export function openUserNamespace(addon: Addon, maps: IdMaps): number {
  const { pid, pidfd, socket } = addon.spawnInit({
    flags: CLONE_NEWUSER,
    cgroup: -1,
    preserve: 0,
    slots: [],
  });
  try {
    writeIdMaps(pid, maps, addon);
    return fs.openSync(`/proc/${pid}/ns/user`, 'r');
  } finally {
    // The open file keeps the namespace; the process was only there to have it.
    addon.pidfdSignal(pidfd, 9);
    addon.wait(pid);
    fs.closeSync(pidfd);
    fs.closeSync(socket);
  }
}
