// What the caller may do at all, checked before anything is planned.

import { CLONE } from './flags.js';
import { has } from './namespaces.js';
import type { Situation } from './situation.js';

/** Without privileges every right comes from a user namespace that one makes or owns. */
export function checkPrivileges({ host, namespaces, notes }: Situation): void {
  if (host.privileged) return;
  if (namespaces.joined.some(({ type }) => type === CLONE.NEWUSER)) return;
  const foreign = namespaces.joined[0];
  if (foreign === undefined) return;
  notes.refuse({
    doing: 'join a namespace',
    path: foreign.path,
    pointer: foreign.pointer,
    cause: 'only root can, or an owner who joins its user namespace as well',
    remedy: 'give the user namespace that owns it by path too, or run as root',
  });
}

/** capabilities(7) */
const CAP_MKNOD = 27;

/** mknod(2) of a device belongs to root of the initial user namespace. */
export function mayMakeDevices(situation: Situation): boolean {
  const { privileged, inUserNamespace, missingCapabilities } = situation.host;
  if (!privileged || inUserNamespace || missingCapabilities.includes(CAP_MKNOD)) return false;
  return !has(situation, CLONE.NEWUSER);
}
