// Cgroups: what can be limited, counted, paused and ended together.

import { type Line, limited, missing, works } from '../finding.js';
import type { Survey } from '../survey.js';
import { isOrdinary, isRootOfAll, newer, UNFILTERED } from './words.js';

/** Those of config.json's common limits, in the order of Delegate= (systemd.resource-control(5)). */
const WANTED = ['cpu', 'cpuset', 'io', 'memory', 'pids'];

/** For machines whose controllers are those of version 1. */
const UNIFIED = 'boot with systemd.unified_cgroup_hierarchy=1 cgroup_no_v1=all';

/** Lines of the group `cgroups`. */
export function cgroupLines(survey: Survey): Line[] {
  const { cgroup } = survey.host;
  if (cgroup.mount === undefined) return [hierarchy(survey)];
  return [hierarchy(survey), own(survey), controllers(survey), ...kill(survey), filter(survey)];
}

function hierarchy({ host }: Survey): Line {
  const name = 'hierarchy';
  const { layout, mount } = host.cgroup;
  switch (layout) {
    case 'v2':
      return works(name, `version 2 at ${mount}`);
    case 'hybrid':
      return limited(
        name,
        `version 2 at ${mount} beside version 1, which sampan does not use`,
        UNIFIED,
      );
    case 'v1':
      return limited(name, 'version 1 only: no limits, no statistics, no pause', UNIFIED);
    case 'none':
      return limited(
        name,
        'none is mounted: no limits, no statistics, no pause',
        'mount -t cgroup2 none /sys/fs/cgroup',
      );
  }
}

function own(survey: Survey): Line {
  const name = 'own cgroups';
  const { path = '', made } = survey.cgroup;
  const { cgroup: needed } = survey.needs;
  if (made === null) return works(name, `made in ${path}`, needed);
  const meaning = `none can be made in ${path} (${made.errno})`;
  if (needed) return missing(name, meaning, delegate(survey), true);
  return limited(name, `${meaning}: no limits, no statistics, no pause`, delegate(survey));
}

function delegate(survey: Survey): string {
  const { systemd, surroundings } = survey;
  if (surroundings.container !== undefined) {
    return 'run the container around this with --cgroupns=private and a writable /sys/fs/cgroup, or use --cgroup-manager=disabled';
  }
  if (isOrdinary(survey) && systemd.unreached === null) return 'use --systemd-cgroup';
  if (isOrdinary(survey) && systemd.booted) {
    return 'systemd-run --user --scope --property=Delegate=yes sampan …';
  }
  return isRootOfAll(survey)
    ? `mount -o remount,rw ${survey.host.cgroup.mount}`
    : 'use --cgroup-manager=disabled';
}

/** Of systemd's manager where that makes the cgroups because the caller cannot. */
function controllers(survey: Survey): Line {
  const { host, cgroup, systemd } = survey;
  const bySystemd = cgroup.made !== null && systemd.unreached === null;
  const available = bySystemd ? host.systemd.controllers : host.cgroupControllers.available;
  const there = WANTED.filter((controller) => available.includes(controller));
  const lacking = WANTED.filter((controller) => !there.includes(controller));
  const name = 'controllers';
  const found = there.join(', ') || 'none';
  if (!bySystemd && !cgroup.handsDown && there.length > 0) {
    return limited(name, `${found} are here, but cannot be handed down`, delegation);
  }
  if (lacking.length === 0) return works(name, found);
  const mend = lacking.some((name) => Object.hasOwn(host.cgroupControllers.version1, name))
    ? UNIFIED
    : toDelegate(survey);
  return limited(name, `${found}; limits of ${lacking.join(', ')} are not set`, mend);
}

/** systemd gives an ordinary user's manager memory and pids alone. */
const DROP_IN = '/etc/systemd/system/user@.service.d';
const delegation = `mkdir -p ${DROP_IN} && printf '[Service]\\nDelegate=${WANTED.join(' ')}\\n' >${DROP_IN}/delegate.conf && systemctl daemon-reload, then log in anew`;

function toDelegate(survey: Survey): string | undefined {
  if (survey.surroundings.container !== undefined)
    return 'run the container around this with these controllers delegated';
  return isOrdinary(survey) && survey.systemd.booted ? delegation : undefined;
}

function kill(survey: Survey): Line[] {
  if (survey.cgroup.made !== null) return [];
  if (survey.cgroup.kill) return [works('cgroup.kill', 'all processes of a cgroup end at once')];
  return [limited('cgroup.kill', 'processes are ended one by one', newer(survey, '5.14'))];
}

function filter(survey: Survey): Line {
  const name = 'device filter';
  const tried = survey.tried['device-filter'];
  if (!isRootOfAll(survey)) {
    return limited(
      name,
      'only root of the host may load one: linux.resources.devices is not enforced',
    );
  }
  if (tried === null || tried === undefined)
    return works(name, 'linux.resources.devices is enforced', true);
  const mend = survey.namespaces.filtered ? UNFILTERED : 'a kernel with CONFIG_CGROUP_BPF';
  return missing(
    name,
    `none can be loaded (${tried.syscall}: ${tried.errno})`,
    `${mend}, or --cgroup-manager=disabled`,
    survey.needs.deviceFilter,
  );
}
