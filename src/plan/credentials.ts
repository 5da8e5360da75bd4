// User, groups, capabilities and no_new_privs, in the order that keeps the rights each step needs.

import { boundingStep, capabilitiesStep, capabilitySets } from './capabilities.js';
import { CLONE } from './flags.js';
import { listed, moreIds, whyFew } from './id-grants.js';
import { isMapped, setgroupsAllowed } from './id-maps.js';
import { creates } from './namespaces.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';
import { hasRanges } from './user-namespace.js';

/** From the bounding set, which needs CAP_SETPCAP, to the final sets. */
export function credentialSteps(situation: Situation): InitStep[] {
  const sets = capabilitySets(situation);
  const forbid: InitStep[] = situation.process.noNewPrivileges
    ? [{ step: 'forbid-new-privileges', pointer: '/process/noNewPrivileges' }]
    : [];
  return [
    boundingStep(situation, sets),
    setUser(situation),
    ...forbid,
    capabilitiesStep(situation, sets),
  ];
}

/** `gid` is not added to the supplementary groups: they are what the configuration lists. */
function setUser(situation: Situation): InitStep {
  const { uid, gid, additionalGids = [] } = situation.process.user;
  checkMapped(situation, 'uid', uid, '/process/user/uid');
  checkMapped(situation, 'gid', gid, '/process/user/gid');
  additionalGids.forEach((group, index) => {
    checkMapped(situation, 'gid', group, `/process/user/additionalGids/${index}`);
  });
  const allowed = setgroupsAllowed(situation);
  if (allowed === false && additionalGids.length > 0) refuseGroups(situation);
  const setGroups = allowed ?? additionalGids.length > 0;
  const groups = setGroups ? additionalGids : [];
  return { step: 'set-user', uid, gid, setGroups, groups, pointer: '/process/user' };
}

function checkMapped(situation: Situation, kind: 'uid' | 'gid', id: number, pointer: string): void {
  if (isMapped(situation, kind, id) !== false) return;
  situation.notes.refuse({
    doing: `set the ${kind} of the process`,
    pointer,
    ...whyUnmapped(situation, kind, id),
  });
}

function whyUnmapped(situation: Situation, kind: 'uid' | 'gid', id: number) {
  const { host, automatic } = situation;
  if (!creates(situation, CLONE.NEWUSER)) {
    const cause = `the user namespace that sampan runs in has ${kind}s ${listed(host.mappedIds[kind])}`;
    return { cause, remedy: 'use one of these, or start sampan where more are mapped' };
  }
  const cause = `${kind} ${id} is not mapped in the user namespace`;
  if (!automatic) return { cause, remedy: `add a range that holds it to linux.${kind}Mappings` };
  return { cause: `${cause}: ${whyFew(host)}`, remedy: moreIds(host) };
}

function refuseGroups({ host, notes }: Situation): void {
  const cause = host.setgroups
    ? 'setgroups is denied where only the own group is mapped'
    : 'setgroups is denied in the user namespace that sampan runs in: see /proc/self/setgroups';
  const remedy = host.setgroups
    ? `map a range of groups with newgidmap (${hasRanges(host) ? 'linux.gidMappings' : moreIds(host)})`
    : 'make that one with a range of groups';
  notes.refuse({
    doing: 'set the additional groups',
    pointer: '/process/user/additionalGids',
    cause,
    remedy: `${remedy}, or leave additionalGids out`,
  });
}
