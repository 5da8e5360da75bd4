// The user and group maps of a new user namespace, and who writes them (user_namespaces(7)).

import type { IdMapping } from '../spec/types.js';
import { CLONE } from './flags.js';
import { checkGrants, checkHere, covers, mayWriteMaps } from './id-grants.js';
import { creates, has } from './namespaces.js';
import type { Situation } from './situation.js';
import type { IdRange, InitStep, Origin, Step } from './steps.js';
import { AUTOMATIC } from './user-namespace.js';

type Kind = 'uid' | 'gid';
type Method = 'direct' | 'helper' | 'single';

/** Writes the maps of the new user namespace; nothing without one. */
export function writeIdMaps(situation: Situation): Step[] {
  if (!creates(situation, CLONE.NEWUSER)) return [];
  const method = mapMethod(situation);
  for (const kind of ['uid', 'gid'] as const) {
    checkRoot(situation, kind);
    checkHere(situation, kind, mappings(situation, kind));
    if (method === 'helper') checkGrants(situation, kind, mappings(situation, kind));
  }
  const uid = idRanges(situation, 'uid');
  const gid = idRanges(situation, 'gid');
  return [
    { step: 'write-id-maps', method, uid, gid, ...originOf(situation, '/linux/uidMappings') },
  ];
}

/** User 0 and group 0 of the user namespace, where the container has one. */
export function becomeRoot(situation: Situation): InitStep[] {
  if (!has(situation, CLONE.NEWUSER)) return [];
  return [{ step: 'become-root', ...userOrigin(situation) }];
}

/** What asked for the user namespace. */
export function userOrigin(situation: Situation): Origin {
  return originOf(situation, situation.namespaces.pointer(CLONE.NEWUSER));
}

function originOf({ automatic }: Situation, pointer: string): Origin {
  return automatic ? AUTOMATIC : { pointer };
}

/**
 * Whether root of the container is another user on the host than the caller, so that paths of the
 * caller may be out of its reach. Not known for a joined namespace, so assumed there.
 */
export function rootIsOther(situation: Situation): boolean {
  if (!has(situation, CLONE.NEWUSER)) return false;
  if (!creates(situation, CLONE.NEWUSER)) return true;
  return hostIdOf(situation, 'uid', 0) !== situation.host.uid;
}

/**
 * Whether the container's ids include `id`; `undefined` where that cannot be told: in a joined user
 * namespace.
 */
export function isMapped(situation: Situation, kind: Kind, id: number): boolean | undefined {
  const { host } = situation;
  if (creates(situation, CLONE.NEWUSER)) return hostIdOf(situation, kind, id) !== undefined;
  if (has(situation, CLONE.NEWUSER)) return undefined;
  return !host.inUserNamespace || covers(host.mappedIds[kind], id, 1);
}

/**
 * Whether setgroups(2) works: a user who maps only the own group has to deny it first, which holds
 * in every user namespace below. `undefined` where that cannot be told: in one that a user joins.
 */
export function setgroupsAllowed(situation: Situation): boolean | undefined {
  if (!situation.host.setgroups) return false;
  if (creates(situation, CLONE.NEWUSER)) return mapMethod(situation) !== 'single';
  if (situation.host.privileged) return true;
  return has(situation, CLONE.NEWUSER) ? undefined : false;
}

/** Host id behind a container id. */
export function hostIdOf(situation: Situation, kind: Kind, id: number): number | undefined {
  const range = mappings(situation, kind).find(
    ({ containerID, size }) => id >= containerID && id < containerID + size,
  );
  return range && range.hostID + id - range.containerID;
}

function mapMethod(situation: Situation): Method {
  if (mayWriteMaps(situation.host)) return 'direct';
  const single = (['uid', 'gid'] as const).every((kind) => {
    const [range, ...more] = mappings(situation, kind);
    return range !== undefined && more.length === 0 && isOwnId(situation, kind, range);
  });
  return single ? 'single' : 'helper';
}

function isOwnId({ host }: Situation, kind: Kind, { hostID, size }: IdMapping): boolean {
  return size === 1 && hostID === host[kind];
}

function mappings({ linux }: Situation, kind: Kind): readonly IdMapping[] {
  return linux[`${kind}Mappings`] ?? [];
}

function idRanges(situation: Situation, kind: Kind): IdRange[] {
  return toRanges(mappings(situation, kind));
}

/** Ranges of config.json as a plan has them. */
export function toRanges(map: readonly IdMapping[]): IdRange[] {
  return map.map(({ containerID, hostID, size }) => ({
    containerId: containerID,
    hostId: hostID,
    size,
  }));
}

/** Everything is set up as id 0 of the user namespace. */
function checkRoot(situation: Situation, kind: Kind): void {
  if (hostIdOf(situation, kind, 0) !== undefined) return;
  situation.notes.refuse({
    doing: 'become root of the user namespace',
    pointer: `/linux/${kind}Mappings`,
    cause: 'no range holds containerID 0',
    remedy: `map ${kind} 0 of the container too`,
  });
}
