// What confines a container besides namespaces.

import { noMoreKeys } from '../../../launch/namespaces-refused.js';
import { type Line, limited, missing, works } from '../finding.js';
import type { Survey } from '../survey.js';
import { newer } from './words.js';

/** Lines of the group `security`. */
export function securityLines(survey: Survey): Line[] {
  return [
    ...seccomp(survey),
    ...notify(survey),
    ...keyring(survey),
    apparmor(survey),
    selinux(survey),
  ];
}

function seccomp(survey: Survey): Line[] {
  const tried = survey.tried.seccomp;
  if (tried === undefined) return [];
  if (tried === null) return [works('seccomp', 'linux.seccomp is enforced')];
  return [missing('seccomp', `linux.seccomp is refused (${tried.errno})`, newer(survey, '4.14'))];
}

function notify(survey: Survey): Line[] {
  const tried = survey.tried['seccomp-notify'];
  if (tried === undefined) return [];
  const name = 'seccomp agents';
  if (tried === null) return [works(name, 'SCMP_ACT_NOTIFY can be used')];
  return [limited(name, `SCMP_ACT_NOTIFY is refused (${tried.errno})`, newer(survey, '5.5'))];
}

/** Where there are none, there is none to keep apart. */
function keyring({ tried: { keyring: tried } }: Survey): Line[] {
  const name = 'keyring';
  if (tried === undefined) return [];
  if (tried === null) return [works(name, 'each container has one of its own', true)];
  if (tried.errno === 'EDQUOT') return [missing(name, noMoreKeys.cause, noMoreKeys.mend, true)];
  return [limited(name, `containers have none (${tried.errno})`)];
}

function apparmor({ host }: Survey): Line {
  if (host.apparmor) return works('AppArmor', 'process.apparmorProfile is applied');
  return missing(
    'AppArmor',
    'off: process.apparmorProfile is refused',
    'a kernel with AppArmor, booted with apparmor=1 security=apparmor',
  );
}

function selinux({ host }: Survey): Line {
  if (host.selinux) return works('SELinux', 'process.selinuxLabel is applied');
  return missing(
    'SELinux',
    'off: process.selinuxLabel is refused',
    'a kernel with SELinux, booted with selinux=1 security=selinux',
  );
}
