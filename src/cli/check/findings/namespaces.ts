// Each kind of namespace (namespaces(7)): whether this caller can have a new one.

import { whyRefused } from '../../../launch/namespaces-refused.js';
import { type Line, missing, works } from '../finding.js';
import type { Survey, Tried } from '../survey.js';
import { isOrdinary, UNFILTERED } from './words.js';

/** By kind, what is not there without. */
const WITHOUT: Readonly<Record<string, string>> = {
  user: 'no container of an ordinary user, none with ids of its own',
  mnt: 'no root filesystem and mounts of its own',
  pid: 'no processes of its own',
  net: 'no network of its own',
  ipc: 'no message queues and shared memory of its own',
  uts: 'no hostname of its own',
  cgroup: "a container sees the host's cgroups",
  time: 'linux.timeOffsets has no effect',
};

/** Lines of the group `namespaces`. */
export function namespaceLines(survey: Survey): Line[] {
  return Object.keys(WITHOUT).flatMap((kind) => {
    const tried = survey.tried[kind];
    const lines = tried === undefined ? [] : [line(survey, kind, tried)];
    return kind === 'uts' ? [...lines, ...hostname(survey)] : lines;
  });
}

/** In a uts namespace of its own. */
function hostname(survey: Survey): Line[] {
  const { hostname: tried } = survey.tried;
  const { hostname: needed } = survey.needs;
  if (tried === undefined || survey.tried.uts !== null) return [];
  if (tried === null) return [works('hostname', 'can be set', needed)];
  const mend = `leave hostname out, as sampan spec does here, or ${UNFILTERED}`;
  return [missing('hostname', `cannot be set (${tried.errno})`, mend, needed)];
}

function line(survey: Survey, kind: string, tried: Tried): Line {
  const needed = survey.needs.namespaces.includes(kind);
  if (tried === null) return works(kind, found(survey, kind), needed);
  const why = refusal(survey, kind, tried);
  return missing(kind, `${WITHOUT[kind]}: ${why.cause}`, why.mend, needed);
}

function found({ namespaces }: Survey, kind: string): string {
  const limit = namespaces.limits[kind];
  return limit === undefined ? 'can be made' : `can be made, ${limit} at most`;
}

function refusal(
  survey: Survey,
  kind: string,
  { syscall, errno }: NonNullable<Tried>,
): { readonly cause: string; readonly mend?: string } {
  const ordinary = isOrdinary(survey);
  if (ordinary && kind !== 'user' && survey.tried.user !== null) {
    return { cause: 'it takes a user namespace' };
  }
  const refused = `${syscall}: ${errno}`;
  if (!ordinary && kind !== 'user' && errno === 'EPERM') {
    return { cause: refused, ...(survey.namespaces.filtered ? { mend: UNFILTERED } : {}) };
  }
  const kinds = ordinary && kind !== 'user' ? ['user', kind] : [kind];
  return whyRefused(kinds, errno, survey.namespaces) ?? { cause: refused };
}
