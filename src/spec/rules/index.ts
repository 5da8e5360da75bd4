// Every rule across properties, in the order in which findings are listed.

import { capabilityNames } from './capabilities.js';
import { cpu } from './cpu.js';
import { deviceRules, devices } from './devices.js';
import { annotations, otherPlatforms, root, version } from './document.js';
import { memoryPolicy, personality } from './execution.js';
import { hooks } from './hooks.js';
import { mappedUser, mapRanges, mapsAndNamespace } from './id-maps.js';
import { intelRdt } from './intel-rdt.js';
import { idmappedMounts, mounts } from './mounts.js';
import { names, namespaces, timeOffsets } from './namespaces.js';
import { netDevices } from './net-devices.js';
import { cgroupsPath, hiddenPaths, rootfsPropagation } from './paths.js';
import { args, consoleSize, cwd, env, umask } from './process.js';
import { blockWeights, hugepages, memoryLimits, rdma, swappiness, unified } from './resources.js';
import { rlimits } from './rlimits.js';
import type { Rule } from './rule.js';
import { affinity, scheduler } from './scheduling.js';
import { seccompDefault, seccompListener, seccompLists, seccompRules } from './seccomp.js';
import { sysctl } from './sysctl.js';

/** Rules about `process` alone: also for the document of `exec --process`. */
export const processRules: readonly Rule[] = [
  args,
  cwd,
  env,
  consoleSize,
  umask,
  rlimits,
  capabilityNames,
  scheduler,
  affinity,
];

/** All rules for config.json. */
export const configRules: readonly Rule[] = [
  version,
  root,
  ...processRules,
  mounts,
  idmappedMounts,
  namespaces,
  names,
  timeOffsets,
  mapsAndNamespace,
  mapRanges,
  mappedUser,
  devices,
  deviceRules,
  hiddenPaths,
  cgroupsPath,
  rootfsPropagation,
  sysctl,
  personality,
  memoryPolicy,
  seccompDefault,
  seccompListener,
  seccompLists,
  seccompRules,
  hooks,
  annotations,
  netDevices,
  intelRdt,
  unified,
  cpu,
  memoryLimits,
  swappiness,
  blockWeights,
  rdma,
  hugepages,
  otherPlatforms,
];
