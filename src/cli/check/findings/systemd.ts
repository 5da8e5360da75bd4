// systemd, whose units containers can be (--systemd-cgroup), and the session of the user.

import { render } from '../../../failure.js';
import { type Line, limited, missing, works } from '../finding.js';
import type { Survey } from '../survey.js';
import { isRootOfAll } from './words.js';

/** Lines of the group `systemd`. */
export function systemdLines(survey: Survey): Line[] {
  if (isRootOfAll(survey)) return [manager(survey)];
  return [manager(survey), runtimeDirectory(survey), ...lingering(survey)];
}

function manager({ host, systemd, needs }: Survey): Line {
  const name = `${host.systemd.manager} manager`;
  const { booted, unreached } = systemd;
  if (unreached === null)
    return works(name, 'containers can be its units: --systemd-cgroup', needs.systemd);
  const meaning = '--systemd-cgroup cannot be used';
  if (!booted) {
    const mend = needs.systemd ? 'use --cgroup-manager=cgroupfs' : undefined;
    return missing(name, `${meaning}: systemd does not run here`, mend, needs.systemd);
  }
  const { remedy, ...failure } = unreached;
  const mend =
    host.systemd.manager === 'user'
      ? `loginctl enable-linger ${host.userName ?? host.uid}`
      : undefined;
  return missing(name, `${meaning}: ${render(failure)}`, mend, needs.systemd);
}

function runtimeDirectory({ systemd, places, host }: Survey): Line {
  const name = 'XDG_RUNTIME_DIR';
  const { runtimeDirectory } = systemd;
  if (runtimeDirectory.startsWith('/')) return works(name, runtimeDirectory);
  return limited(
    name,
    places.root === '' ? 'not set' : `not set: state is kept in ${places.root}`,
    `log in through a session manager, or export XDG_RUNTIME_DIR=/run/user/${host.uid}`,
  );
}

function lingering({ systemd, host }: Survey): Line[] {
  if (!systemd.booted) return [];
  if (systemd.lingers) return [works('lingering', 'containers outlive the session')];
  return [
    limited(
      'lingering',
      'containers may end with the session',
      `loginctl enable-linger ${host.userName ?? host.uid}`,
    ),
  ];
}
