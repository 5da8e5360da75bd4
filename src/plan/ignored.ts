// Properties of config.json that no step carries out yet: each is named, none is ignored in silence.

import { CLONE } from './flags.js';
import { creates } from './namespaces.js';
import type { Situation } from './situation.js';

/** Warns of each one that is given. */
export function warnIgnored(situation: Situation): void {
  for (const [pointer, value] of candidates(situation)) {
    if (isAsked(value)) situation.notes.warn(pointer, 'not applied: not supported yet');
  }
  if (creates(situation, CLONE.NEWUSER)) return;
  for (const maps of ['uidMappings', 'gidMappings'] as const) {
    if (!isAsked(situation.linux[maps])) continue;
    situation.notes.warn(`/linux/${maps}`, 'not applied: a joined user namespace has its maps');
  }
}

function candidates(situation: Situation): readonly (readonly [pointer: string, value: unknown])[] {
  const { config, linux, process } = situation;
  return [
    ...Object.entries(config.hooks ?? {}).map(([stage, h]) => [`/hooks/${stage}`, h] as const),
    ...(config.mounts ?? []).flatMap(({ uidMappings, gidMappings }, index) => [
      [`/mounts/${index}/uidMappings`, uidMappings] as const,
      [`/mounts/${index}/gidMappings`, gidMappings] as const,
    ]),
    ['/process/apparmorProfile', process.apparmorProfile],
    ['/process/selinuxLabel', process.selinuxLabel],
    ['/process/oomScoreAdj', process.oomScoreAdj],
    ['/process/scheduler', process.scheduler],
    ['/process/ioPriority', process.ioPriority],
    ['/linux/netDevices', linux.netDevices],
    ['/linux/sysctl', linux.sysctl],
    ['/linux/mountLabel', linux.mountLabel],
    ['/linux/intelRdt', linux.intelRdt],
    ['/linux/memoryPolicy', linux.memoryPolicy],
    ['/linux/personality', linux.personality],
    ['/linux/seccomp/listenerPath', linux.seccomp?.listenerPath],
  ];
}

/** An empty list, object or text asks for nothing. */
function isAsked(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
