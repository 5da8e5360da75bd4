// What of a map the caller may write: by its capabilities, or by newuidmap(1) and subuid(5).

import type { HostFacts, SubIdRange } from '../host/facts.js';
import type { IdMapping } from '../spec/types.js';
import type { Situation } from './situation.js';

type Kind = 'uid' | 'gid';

/** Why something cannot be had, and what to do about it. */
interface Lacking {
  readonly cause: string;
  readonly remedy: string;
}

/** SETGID, SETUID, and SETFCAP for the own 0, as on it depends what files with capabilities are worth. */
const WRITES_MAPS = [6, 7, 31];

/** Ids that are given to one user, as useradd(8) gives them. */
const USUAL_COUNT = 65536;

/** Whether the caller may write any map to ids that it has (user_namespaces(7)). */
export function mayWriteMaps({ privileged, uid, missingCapabilities }: HostFacts): boolean {
  return (
    privileged || (uid === 0 && !WRITES_MAPS.some((number) => missingCapabilities.includes(number)))
  );
}

/** Whether a range is covered by others, adjoining ones together. */
export function covers(ranges: readonly SubIdRange[], start: number, size: number): boolean {
  const end = start + size;
  let at = start;
  while (at < end) {
    const range = ranges.find((r) => at >= r.start && at < r.start + r.count);
    if (range === undefined) return false;
    at = range.start + range.count;
  }
  return true;
}

/** The ids of the other side exist in the caller's user namespace. */
export function checkHere(situation: Situation, kind: Kind, map: readonly IdMapping[]): void {
  const { host, notes } = situation;
  if (!host.inUserNamespace) return;
  if (!covers(host.mappedIds[kind], host[kind], 1)) {
    notes.refuse({
      doing: 'make a user namespace',
      pointer: `/linux/${kind}Mappings`,
      cause: `the ${kind} of the caller is not mapped in the user namespace that sampan runs in`,
      remedy: 'write its maps first, as unshare --map-root-user does',
    });
  }
  for (const [index, { hostID, size }] of map.entries()) {
    if (covers(host.mappedIds[kind], hostID, size)) continue;
    notes.refuse({
      doing: `map ${kind}s ${span(hostID, size)}`,
      pointer: `/linux/${kind}Mappings/${index}`,
      cause: `the user namespace that sampan runs in has ${listed(host.mappedIds[kind])}`,
      remedy: 'map ids that are there: sampan spec --rootless writes a configuration for here',
    });
  }
}

/** newuidmap(1) is there and allows every range. */
export function checkGrants(situation: Situation, kind: Kind, map: readonly IdMapping[]): void {
  const { host, notes } = situation;
  const pointer = `/linux/${kind}Mappings`;
  const lacking = whyNoHelper(host, kind);
  if (lacking) notes.refuse({ doing: `map more than the own ${kind}`, pointer, ...lacking });
  for (const [index, { hostID, size }] of map.entries()) {
    if (size === 1 && hostID === host[kind]) continue;
    const granted = host.subordinateIds[kind];
    if (covers(granted, hostID, size)) continue;
    notes.refuse({
      doing: `map ${kind}s ${span(hostID, size)} of the host`,
      pointer: `${pointer}/${index}`,
      cause: `/etc/sub${kind} grants ${caller(host)} ${listed(granted)}`,
      remedy: otherRange(host, kind),
    });
  }
}

/** Why newuidmap(1) or newgidmap(1) is of no use to the caller, and what to do; undefined if it is. */
export function whyNoHelper(host: HostFacts, kind: Kind): Lacking | undefined {
  const helper = `new${kind}map`;
  if (host.idMapHelpers[kind] === undefined) {
    const install = 'install it (apt install uidmap, dnf install shadow-utils)';
    const remedy = hasGrants(host) ? install : `${install}, and ${grantRemedy(host)}`;
    return { cause: `${helper} is not installed`, remedy };
  }
  if (host.noNewPrivileges) {
    return {
      cause: `no_new_privs is set, so that ${helper} gets no privileges`,
      remedy:
        'start sampan without it (NoNewPrivileges= of systemd, noNewPrivileges of an outer container)',
    };
  }
  if (host.userName !== undefined) return otherGroup(host, helper);
  return {
    cause: `${helper} works for users with a name, and getent passwd ${host.uid} knows none`,
    remedy: `add one to /etc/passwd: useradd --uid ${host.uid} NAME`,
  };
}

function otherGroup({ gid, loginGroup = gid }: HostFacts, helper: string): Lacking | undefined {
  if (gid === loginGroup) return undefined;
  return {
    cause: `${helper} works for members of their login group, ${loginGroup}, and the caller is in ${gid}`,
    remedy:
      'leave the shell of newgrp or sg, or as root: echo GRANT_AUX_GROUP_SUBIDS yes >>/etc/login.defs',
  };
}

/** What gives the caller more ids than its own. */
export function moreIds(host: HostFacts): string {
  const lacking = whyNoHelper(host, 'uid') ?? whyNoHelper(host, 'gid');
  return lacking?.remedy ?? grantRemedy(host);
}

/** Why a user namespace of the caller has no more ids than it has. */
export function whyFew(host: HostFacts): string {
  const lacking = whyNoHelper(host, 'uid') ?? whyNoHelper(host, 'gid');
  const { uid, gid } = host.subordinateIds;
  const granted = `/etc/subuid grants ${caller(host)} ${listed(uid)}, /etc/subgid ${listed(gid)}`;
  return lacking?.cause ?? granted;
}

/** Whether the caller has ids of both kinds besides its own. */
export function hasGrants({ subordinateIds }: HostFacts): boolean {
  return subordinateIds.uid.length > 0 && subordinateIds.gid.length > 0;
}

/** The command that gives the caller ids of its own. */
export function grantRemedy({ userName = 'NAME', subordinateIds }: HostFacts): string {
  const grant = `${userName}:${subordinateIds.free}:${USUAL_COUNT}`;
  return `as root: echo ${grant} | tee -a /etc/subuid /etc/subgid`;
}

function otherRange(host: HostFacts, kind: Kind): string {
  const [first] = host.subordinateIds[kind];
  const more = `${grantRemedy(host)}, and map those`;
  if (first === undefined) return more;
  return `map "hostID": ${first.start}, "size": ${first.count}, or ${more}`;
}

function caller({ userName, uid }: HostFacts): string {
  return userName === undefined ? `uid ${uid}` : userName;
}

/** `1-1, 100000-165535`. */
export function listed(ranges: readonly SubIdRange[]): string {
  return ranges.map(({ start, count }) => span(start, count)).join(', ') || 'none';
}

function span(start: number, count: number): string {
  return `${start}-${start + count - 1}`;
}
