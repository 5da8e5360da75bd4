// Words that several groups of findings share.

import type { Hidden } from '../../../host/kernel-views.js';
import type { Survey } from '../survey.js';

/** What to do about something of Linux `since` that is not there. */
export function newer({ release, namespaces }: Survey, since: string): string {
  if (!isAtLeast(release, since)) return `Linux ${since} or newer`;
  return namespaces.filtered ? UNFILTERED : `a kernel that was built with it`;
}

/** What hinders a new proc or sysfs. */
export function whyHidden(type: 'proc' | 'sysfs', { covered }: Hidden): string {
  if (covered.length === 0) return `no whole ${type} is mounted here`;
  const places = covered.slice(0, 3).join(', ');
  return `${places}${covered.length > 3 ? ' and more are' : covered.length > 1 ? ' are' : ' is'} covered by mounts`;
}

/** For what the seccomp filter of an outer container refuses. */
export const UNFILTERED = 'run the container around this with --security-opt seccomp=unconfined';

/** Whether a release such as `6.1.0-18-amd64` is of `version` such as `5.12` or younger. */
export function isAtLeast(release: string, version: string): boolean {
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  const [wantedMajor = 0, wantedMinor = 0] = version.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Whether the caller needs a user namespace to do anything. */
export function isOrdinary({ host }: Survey): boolean {
  return !host.privileged;
}

/** Whether anything can be tried in new namespaces at all. */
export function isTriable(survey: Survey): boolean {
  return survey.tried[isOrdinary(survey) ? 'user' : 'mnt'] === null;
}

/** Whether the caller is root of the whole machine. */
export function isRootOfAll({ host }: Survey): boolean {
  return host.privileged && !host.inUserNamespace;
}
