// The kernel: its version, and the calls for which something else stands in where it lacks them.

import { render } from '../../../failure.js';
import { type Line, limited, missing, works } from '../finding.js';
import type { Survey } from '../survey.js';
import { isAtLeast, isTriable, newer } from './words.js';

/** pidfd_open(2), for which nothing stands in. */
const OLDEST = '5.3';

interface Call {
  readonly name: string;
  readonly since: string;
  readonly found: string;
  readonly without: string;
}

const CALLS: readonly Call[] = [
  {
    name: 'openat2',
    since: '5.6',
    found: 'paths of a container are resolved by the kernel',
    without: 'paths of a container are resolved name by name, which takes longer',
  },
  {
    name: 'clone3',
    since: '5.7',
    found: 'a container is born in its cgroup and namespaces',
    without: 'no time namespace; processes go to their cgroup by themselves',
  },
  {
    name: 'mount-api',
    since: '5.12',
    found: 'mounts are made by descriptor',
    without: 'mounts are made by path; no rro, nosymfollow and the like, no idmap',
  },
  {
    name: 'setns',
    since: '5.8',
    found: 'exec enters all namespaces at once',
    without: 'exec enters namespaces one by one',
  },
  {
    name: 'close_range',
    since: '5.9',
    found: 'descriptors are closed at once',
    without: 'descriptors are closed one by one, which takes longer',
  },
];

/** Those that only who has rights over its namespaces can try. */
const IN_NAMESPACES = ['mount-api', 'setns'];

/** Lines of the group `kernel`. */
export function kernelLines(survey: Survey): Line[] {
  return [
    version(survey),
    execution(survey),
    ...pidfd(survey),
    ...CALLS.flatMap((call) => line(call, survey)),
  ];
}

function version({ release }: Survey): Line {
  return isAtLeast(release, OLDEST)
    ? works('version', `Linux ${release}`, true)
    : missing('version', `Linux ${release} is too old`, `Linux ${OLDEST} or newer`, true);
}

/** init is executed from a sealed memfd (CVE-2019-5736). */
function execution({ unexecuted }: Survey): Line {
  const name = 'memfd';
  if (unexecuted === null) return works(name, 'init is executed from sealed memory', true);
  const mend = unexecuted.syscall === 'memfd_create' ? 'sysctl -w vm.memfd_noexec=1' : undefined;
  return missing(name, `init cannot be executed from memory: ${render(unexecuted)}`, mend, true);
}

function pidfd({ tried }: Survey): Line[] {
  if (tried.pidfd === undefined) return [];
  if (tried.pidfd === null) return [works('pidfd', 'a recycled pid is never signalled', true)];
  return [
    missing(
      'pidfd',
      `processes cannot be told apart (${tried.pidfd.syscall}: ${tried.pidfd.errno})`,
      `Linux ${OLDEST} or newer`,
      true,
    ),
  ];
}

function line({ name, since, found, without }: Call, survey: Survey): Line[] {
  const tried = survey.tried[name];
  if (tried === undefined) return [];
  if (tried === null) return [works(name, found)];
  if (IN_NAMESPACES.includes(name) && !isTriable(survey)) return [];
  return [limited(name, `${without} (${tried.syscall}: ${tried.errno})`, newer(survey, since))];
}
