import { describe, expect, test } from '@jest/globals';
import { isChroot, type NamespaceFacts } from '../../src/host/namespace-facts.js';
import { whyRefused } from '../../src/launch/namespaces-refused.js';

const usual: NamespaceFacts = {
  kinds: ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'pid_for_children', 'time', 'user', 'uts'],
  limits: { user: 96365, mnt: 96365, net: 96365 },
  switchedOff: false,
  apparmorRestricts: false,
  chroot: false,
  filtered: false,
  mapped: true,
  unmappableRoot: false,
};

/** One line for each situation: what is unusual, the kernel's answer, and what is said of it. */
const situations: [string, Partial<NamespaceFacts>, string, string[], RegExp | undefined][] = [
  ['Debian’s switch', { switchedOff: true }, 'EPERM', ['user'], /off.*unprivileged_userns_clone=1/],
  [
    'AppArmor',
    { apparmorRestricts: true },
    'EACCES',
    ['user', 'mnt'],
    /AppArmor.*apparmor_restrict_unprivileged_userns=0/,
  ],
  ['a chroot', { chroot: true }, 'EPERM', ['user'], /chroot.*pivot_root/],
  ['an id without a number', { mapped: false }, 'EPERM', ['user'], /no numbers.*uid_map/],
  [
    'root without SETFCAP',
    { unmappableRoot: true },
    'EPERM',
    ['user'],
    /CAP_SETFCAP.*another user/,
  ],
  ['an outer filter', { filtered: true }, 'EPERM', ['user'], /filter.*seccomp=unconfined/],
  ['nothing known', {}, 'EPERM', ['user'], /refused here.*dmesg/],
  ['no user namespace asked for', { switchedOff: true }, 'EPERM', ['mnt'], /only root.*rootless/],
  [
    'a limit of none',
    { limits: { user: 0, net: 0, mnt: 5 } },
    'ENOSPC',
    ['user', 'mnt', 'net'],
    /^user, net namespaces are switched off.*-w user.max_user_namespaces=15000 user.max_net_namespaces=15000$/,
  ],
  ['a limit that is reached', {}, 'ENOSPC', ['user'], /limit.*lsns/],
  ['too deep for older kernels', {}, 'EUSERS', ['user'], /limit.*lsns/],
  ['an older kernel', { kinds: ['mnt', 'user'] }, 'EINVAL', ['user', 'time'], /no time.*Linux 5.6/],
  ['an argument of ours', {}, 'EINVAL', ['user', 'time'], undefined],
  ['another errno', { switchedOff: true }, 'ENOMEM', ['user'], undefined],
];

test.each(situations)('%s', (_, unusual, errno, kinds, said) => {
  const refusal = whyRefused(kinds, errno, { ...usual, ...unusual });
  if (said === undefined) expect(refusal).toBeUndefined();
  else expect(`${refusal?.cause}: ${refusal?.mend}`).toMatch(said);
});

describe('facts', () => {
  test('a chroot shows no mount at its root', () => {
    const proc = '22 27 0:21 / /proc rw,relatime - proc proc rw\n';
    const root = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n';
    expect([isChroot(proc), isChroot(proc + root), isChroot('')]).toEqual([true, false, false]);
  });
});
