// Why the kernel refused new namespaces, and the command that mends it: for failures and for `check`.

import type { NamespaceFacts } from '../host/namespace-facts.js';

/** A cause in words, and what to do about it. */
export interface Refusal {
  readonly cause: string;
  readonly mend: string;
}

/** What the kernel's default allows is in the tens of thousands. */
const USUAL_LIMIT = 15000;

/**
 * The cause of `errno` where namespaces `kinds` (`user`, `mnt`, as in /proc/self/ns) were to be made;
 * undefined where the facts do not tell.
 */
export function whyRefused(
  kinds: readonly string[],
  errno: string,
  facts: NamespaceFacts,
): Refusal | undefined {
  switch (errno) {
    case 'EINVAL':
      return notBuilt(kinds, facts);
    case 'ENOSPC':
    case 'EUSERS':
      return limitReached(kinds, facts);
    case 'EPERM':
    case 'EACCES':
      return kinds.includes('user') ? userRefused(facts) : onlyRoot;
    default:
      return undefined;
  }
}

const onlyRoot: Refusal = {
  cause: 'only root may do this without a user namespace',
  mend: 'sampan spec --rootless',
};

/** What root needs over its ids is more than what makes a user namespace (user_namespaces(7)). */
export const unmappableRoot: Refusal = {
  cause: 'only with CAP_SETFCAP may root map itself (Linux 5.12)',
  mend: 'start the outer container with that capability, or run sampan as another user in it',
};

/** A chroot whose directory is no mount: its mounts can be neither changed nor left. */
export const rootIsNoMount: Refusal = {
  cause: 'the root directory here is that of a chroot, and no mount',
  mend: 'mount --bind DIR DIR before chroot DIR',
};

/** Every container has one, and those that ended count for a while (keyrings(7)). */
export const noMoreKeys: Refusal = {
  cause: 'this user has as many keys as it may have',
  mend: 'sysctl -w kernel.keys.maxkeys=20000 kernel.keys.maxbytes=2000000, or use --no-new-keyring',
};

/** How Ubuntu refuses: the user namespace is made, and every right in it is denied. */
export const apparmorRestricts: Refusal = {
  cause: 'AppArmor restricts user namespaces',
  mend: 'give sampan a profile with the rule userns, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
};

function notBuilt(kinds: readonly string[], facts: NamespaceFacts): Refusal | undefined {
  const lacking = kinds.filter((kind) => !facts.kinds.includes(kind));
  if (lacking.length === 0) return undefined;
  return {
    cause: `this kernel has no ${lacking.join(', ')} namespaces`,
    mend: `a kernel with ${lacking.map((kind) => OPTIONS[kind] ?? kind).join(', ')}`,
  };
}

const OPTIONS: Readonly<Record<string, string>> = {
  user: 'CONFIG_USER_NS',
  pid: 'CONFIG_PID_NS',
  net: 'CONFIG_NET_NS',
  ipc: 'CONFIG_IPC_NS',
  uts: 'CONFIG_UTS_NS',
  cgroup: 'CONFIG_CGROUPS (Linux 4.6)',
  time: 'CONFIG_TIME_NS (Linux 5.6)',
};

function limitReached(kinds: readonly string[], { limits }: NamespaceFacts): Refusal {
  const none = kinds.filter((kind) => limits[kind] === 0);
  if (none.length > 0) {
    const settings = none.map((kind) => `user.max_${kind}_namespaces=${USUAL_LIMIT}`);
    return {
      cause: `${none.join(', ')} namespaces are switched off`,
      mend: `sysctl -w ${settings.join(' ')}`,
    };
  }
  return {
    cause: 'a limit on namespaces is reached, here or in an outer user namespace',
    mend: 'end what holds them (lsns), or raise user.max_*_namespaces there with sysctl -w',
  };
}

/** In the order in which the kernel asks. */
function userRefused(facts: NamespaceFacts): Refusal {
  if (facts.switchedOff) {
    return {
      cause: 'user namespaces are switched off',
      mend: 'sysctl -w kernel.unprivileged_userns_clone=1',
    };
  }
  if (facts.chroot) {
    return {
      cause: 'user namespaces are refused in a chroot',
      mend: 'enter it with unshare --mount and pivot_root instead of chroot',
    };
  }
  if (!facts.mapped) {
    return {
      cause: 'the ids of this user have no numbers in the user namespace around it',
      mend: 'run it as a user that is mapped: see /proc/self/uid_map and gid_map',
    };
  }
  if (facts.unmappableRoot) return unmappableRoot;
  if (facts.apparmorRestricts) return apparmorRestricts;
  if (facts.filtered) {
    return {
      cause: 'user namespaces are refused by the seccomp filter of an outer container',
      mend: 'run that with --security-opt seccomp=unconfined',
    };
  }
  return {
    cause: 'user namespaces are refused here',
    mend: 'leave the chroot, or see dmesg for the security module that forbids them',
  };
}
