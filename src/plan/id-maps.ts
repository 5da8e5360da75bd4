// The user and group maps of a new user namespace, and who writes them (user_namespaces(7)).

import type { SubIdRange } from '../host/facts.js';
import type { IdMapping } from '../spec/types.js';
import { CLONE } from './flags.js';
import { creates, has } from './namespaces.js';
import type { Situation } from './situation.js';
import type { IdRange, InitStep, Step } from './steps.js';

type Kind = 'uid' | 'gid';
type Method = 'direct' | 'helper' | 'single';

/** Writes the maps of the new user namespace; nothing without one. */
export function writeIdMaps(situation: Situation): Step[] {
  if (!creates(situation, CLONE.NEWUSER)) return [];
  const method = mapMethod(situation);
  for (const kind of ['uid', 'gid'] as const) {
    checkRoot(situation, kind);
    if (method === 'helper') checkGrants(situation, kind);
  }
  const uid = idRanges(situation, 'uid');
  const gid = idRanges(situation, 'gid');
  return [{ step: 'write-id-maps', method, uid, gid, pointer: '/linux/uidMappings' }];
}

/** User 0 and group 0 of the user namespace, where the container has one. */
export function becomeRoot(situation: Situation): InitStep[] {
  if (!has(situation, CLONE.NEWUSER)) return [];
  return [{ step: 'become-root', pointer: situation.namespaces.pointer(CLONE.NEWUSER) }];
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
 * namespace, or in that of a caller which is not the initial one.
 */
export function isMapped(situation: Situation, kind: Kind, id: number): boolean | undefined {
  if (creates(situation, CLONE.NEWUSER)) return hostIdOf(situation, kind, id) !== undefined;
  return has(situation, CLONE.NEWUSER) || situation.host.inUserNamespace ? undefined : true;
}

/**
 * Whether setgroups(2) works: a user who maps only the own group has to deny it first. `undefined`
 * where that cannot be told: in a user namespace that a user joins.
 */
export function setgroupsAllowed(situation: Situation): boolean | undefined {
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
  if (situation.host.privileged) return 'direct';
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

/** newuidmap(1) is there and allows every range. */
function checkGrants(situation: Situation, kind: Kind): void {
  const pointer = `/linux/${kind}Mappings`;
  checkHelper(situation, kind, pointer);
  for (const [index, range] of mappings(situation, kind).entries()) {
    checkRange(situation, kind, range, `${pointer}/${index}`);
  }
}

function checkHelper({ host, notes }: Situation, kind: Kind, pointer: string): void {
  if (host.idMapHelpers[kind] !== undefined) return;
  notes.refuse({
    doing: `map more than the own ${kind}`,
    pointer,
    cause: `new${kind}map is not installed`,
    remedy: `install uidmap, add NAME:100000:65536 to /etc/sub${kind}`,
  });
}

/** newuidmap(1) allows the own id and what subuid(5) grants. */
function checkRange(situation: Situation, kind: Kind, range: IdMapping, pointer: string): void {
  const { host, notes } = situation;
  if (isOwnId(situation, kind, range)) return;
  if (isGranted(host.subordinateIds[kind], range.hostID, range.size)) return;
  const last = range.hostID + range.size - 1;
  notes.refuse({
    doing: `map ${kind}s ${range.hostID}-${last} of the host`,
    pointer,
    cause: `not granted to user ${host.uid} in /etc/sub${kind}`,
    remedy: `add NAME:${range.hostID}:${range.size} to /etc/sub${kind}, or map a range that is there`,
  });
}

/** Whether a range is covered by grants, adjoining ones together. */
function isGranted(grants: readonly SubIdRange[], start: number, size: number): boolean {
  const end = start + size;
  let at = start;
  while (at < end) {
    const grant = grants.find((g) => at >= g.start && at < g.start + g.count);
    if (grant === undefined) return false;
    at = grant.start + grant.count;
  }
  return true;
}
