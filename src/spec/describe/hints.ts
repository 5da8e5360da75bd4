// What rules demand of single values, as far as JSON Schema can say it, and names to choose from.

import { CAPABILITY_NAMES } from '../rules/capabilities.js';
import { RLIMIT_NAMES } from '../rules/rlimits.js';
import type { Places } from './texts.js';

const absolute = { pattern: '^/' };
const given = { minLength: 1 };
const some = { minItems: 1 };
/** Engines write what is unset as empty text. */
const absoluteOrEmpty = { pattern: '^(/|$)' };

/** Keywords for places of config.json. No rule takes what they refuse. */
export const CONFIG_HINTS: Places<object> = {
  '/ociVersion': {
    pattern: '^1\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)([-+].*)?$',
    examples: ['1.3.0'],
  },
  '/root/path': { ...given, examples: ['rootfs'] },
  '/mounts/*/destination': given,
  '/process/cwd': absolute,
  '/process/args': some,
  '/process/rlimits/*/type': { enum: RLIMIT_NAMES },
  // Others are warned of and have no effect.
  '/process/capabilities/*/*': { examples: CAPABILITY_NAMES },
  '/hooks/*/*/path': absolute,
  '/hooks/*/*/timeout': { minimum: 1 },
  '/annotations': { propertyNames: given },
  '/linux/namespaces/*/path': absoluteOrEmpty,
  '/linux/timeOffsets': { propertyNames: { enum: ['monotonic', 'boottime'] } },
  '/linux/*Mappings/*/size': { minimum: 1 },
  '/linux/*Mappings': { maxItems: 340 },
  '/linux/devices/*/path': absolute,
  '/linux/maskedPaths/*': absolute,
  '/linux/readonlyPaths/*': absolute,
  '/linux/rootfsPropagation': {
    pattern: '^(r?(shared|slave|private|unbindable))?$',
    examples: ['private', 'slave', 'shared', 'unbindable'],
  },
  '/linux/resources/devices/*/type': { enum: ['a', 'b', 'c', ''] },
  '/linux/resources/devices/*/access': { pattern: '^[rwm]*$' },
  '/linux/resources/memory/swappiness': { maximum: 100 },
  '/linux/resources/hugepageLimits/*/pageSize': { pattern: '^[1-9][0-9]*[KMG]B$' },
  '/linux/resources/rdma/*': { minProperties: 1 },
  '/linux/seccomp/listenerPath': absoluteOrEmpty,
  '/linux/seccomp/syscalls/*/names': some,
  '/linux/seccomp/syscalls/*/names/*': given,
};
