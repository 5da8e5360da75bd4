// What `create` takes, out of the tables that it checks and compiles by (features.md).

import { release } from 'node:os';
import { commit, version } from '../build-info.js';
import { knownMountOptions } from '../plan/mount-options.js';
import { PROPERTY_PREFIX } from '../plan/systemd/annotations.js';
import { NAMESPACE_TYPES } from '../spec/config/namespaces.js';
import {
  SECCOMP_ACTIONS,
  SECCOMP_ARCHITECTURES,
  SECCOMP_FLAGS,
  SECCOMP_OPERATORS,
} from '../spec/config/seccomp.js';
import { MEMORY_FLAGS, MEMORY_MODES } from '../spec/numbers.js';
import { CAPABILITY_NAMES } from '../spec/rules/capabilities.js';
import { HOOK_STAGES } from '../spec/rules/hooks.js';
import type { Features } from '../spec/types.js';
import { SPEC_VERSION } from '../spec/version.js';

/** The first kernel that takes a flag of seccomp(2). */
const FLAG_SINCE: Record<(typeof SECCOMP_FLAGS)[number], readonly [number, number]> = {
  SECCOMP_FILTER_FLAG_TSYNC: [3, 17],
  SECCOMP_FILTER_FLAG_LOG: [4, 14],
  SECCOMP_FILTER_FLAG_SPEC_ALLOW: [4, 17],
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: [5, 19],
};

/** The document of `features`. */
export function features(): Features {
  return {
    ociVersionMin: '1.0.0',
    ociVersionMax: SPEC_VERSION,
    hooks: [...HOOK_STAGES],
    mountOptions: [...knownMountOptions()],
    linux: linux(),
    annotations: {
      'dev.sampan.version': version,
      'dev.sampan.commit': commit,
    },
    // A name that ends in a period stands for all that begin with it.
    potentiallyUnsafeConfigAnnotations: [PROPERTY_PREFIX],
  };
}

function linux(): Features['linux'] {
  return {
    namespaces: [...NAMESPACE_TYPES].sort(),
    capabilities: [...CAPABILITY_NAMES],
    cgroup: { v1: false, v2: true, systemd: true, systemdUser: true, rdma: true },
    seccomp: seccomp(),
    apparmor: { enabled: true },
    selinux: { enabled: true },
    memoryPolicy: {
      modes: Object.keys(MEMORY_MODES).sort(),
      flags: Object.keys(MEMORY_FLAGS).sort(),
    },
    intelRdt: { enabled: true, schemata: true, monitoring: true },
    mountExtensions: { idmap: { enabled: true } },
    netDevices: { enabled: true },
  };
}

function seccomp() {
  return {
    enabled: true,
    actions: [...SECCOMP_ACTIONS].sort(),
    operators: [...SECCOMP_OPERATORS].sort(),
    archs: [...SECCOMP_ARCHITECTURES].sort(),
    knownFlags: [...SECCOMP_FLAGS].sort(),
    supportedFlags: SECCOMP_FLAGS.filter((flag) => kernelIsAtLeast(FLAG_SINCE[flag])).sort(),
  };
}

function kernelIsAtLeast([major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = release().split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
