// The file systems that containers mount, tried in the namespaces that a container would have.

import { type Line, limited, missing, works } from '../finding.js';
import type { Survey, Tried } from '../survey.js';
import { isAtLeast, isOrdinary, isRootOfAll, isTriable, whyHidden } from './words.js';

/** The kernel gives a new proc or sysfs only where all of one can be seen. What mends one that an outer container has covered. */
const UNMASK =
  'run the container around this with --security-opt unmask=ALL (podman) or systempaths=unconfined (docker)';

/** Lines of the group `mounts`. */
export function mountLines(survey: Survey): Line[] {
  // Without one of these all of them fail, and that is said where namespaces are.
  if (!isTriable(survey)) return [];
  const types = ['proc', 'sysfs', 'tmpfs', 'devpts', 'mqueue', 'cgroup2'];
  return [
    ...types.flatMap((type) => line(survey, type)),
    ...devptsGroup(survey),
    ...overlay(survey),
    mapped(survey),
  ];
}

function line(survey: Survey, type: string): Line[] {
  const tried = survey.tried[`mount-${type}`];
  const needed = survey.needs.mounts.includes(type);
  if (tried === undefined || tried?.syscall === 'unshare') return [];
  if (tried === null) return [works(type, 'a new one can be mounted', needed)];
  const { cause, mend } = refusal(survey, type, tried);
  const meaning = `no new one can be mounted: ${cause}`;
  return [needed ? missing(type, meaning, mend, true) : limited(type, meaning, mend)];
}

function refusal(survey: Survey, type: string, { syscall, errno }: NonNullable<Tried>) {
  if (errno === 'ENODEV') {
    return { cause: 'this kernel does not have it', mend: `modprobe ${type}` };
  }
  if (errno !== 'EPERM' && errno !== 'EACCES') return { cause: `${syscall}: ${errno}` };
  const hidden = type === 'proc' || type === 'sysfs' ? survey.surroundings[type] : null;
  if (hidden === null) return { cause: `${syscall}: ${errno}` };
  const place = type === 'proc' ? '/proc' : '/sys';
  const cause = whyHidden(type as 'proc' | 'sysfs', hidden);
  return { cause, mend: `${UNMASK}, or bind mount ${place} as sampan spec does here` };
}

/** `gid=5`, as most configurations have it. Single ids, with which an ordinary user tries, lack it always. */
function devptsGroup(survey: Survey): Line[] {
  const tried = survey.tried['mount-devpts-gid'];
  if (tried === undefined || isOrdinary(survey)) return [];
  const name = 'devpts gid=5';
  if (tried === null) return [works(name, 'the group tty is mapped')];
  return [
    limited(
      name,
      'group 5 (tty) is not mapped here',
      'leave gid=5 out of the options, or map more groups',
    ),
  ];
}

function overlay(survey: Survey): Line[] {
  const tried = survey.tried['mount-overlay'];
  if (tried === undefined || tried?.syscall === 'unshare') return [];
  const name = 'overlay';
  if (tried === null) return [works(name, 'can be mounted in a user namespace')];
  const meaning = `cannot be mounted in a user namespace (${tried.errno}): engines copy layers instead`;
  const old = !isAtLeast(survey.release, '5.11');
  const mend = tried.errno === 'ENODEV' ? 'modprobe overlay' : 'fuse-overlayfs';
  return [limited(name, meaning, old ? 'Linux 5.11 or newer, or fuse-overlayfs' : mend)];
}

function mapped(survey: Survey): Line {
  const name = 'idmap';
  const { mappedMount } = survey.ids;
  if (mappedMount === null)
    return works(name, `the ids that ${survey.places.here} shows can be mapped`);
  if (!isRootOfAll(survey) || mappedMount === undefined) {
    return limited(name, 'only root of the host may map the ids of a mount');
  }
  return limited(
    name,
    `the file system of ${survey.places.here} cannot have its ids mapped (${mappedMount.errno})`,
    'Linux 5.12 or newer, and one of ext4, xfs, btrfs or tmpfs (Linux 6.3) for volumes',
  );
}
