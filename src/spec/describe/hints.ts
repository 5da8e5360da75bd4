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
  '/mounts/*': {
    dependentRequired: { uidMappings: ['gidMappings'], gidMappings: ['uidMappings'] },
  },
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
  '/linux/devices/*': {
    if: { properties: { type: { const: 'p' } } },
    else: { required: ['major', 'minor'] },
  },
  '/linux/devices/*/path': absolute,
  '/linux/devices/*/major': { minimum: 0, maximum: 4095 },
  '/linux/devices/*/minor': { minimum: 0, maximum: 1048575 },
  '/linux/maskedPaths/*': absolute,
  '/linux/readonlyPaths/*': absolute,
  '/linux/rootfsPropagation': {
    pattern: '^(r?(shared|slave|private|unbindable))?$',
    examples: ['private', 'slave', 'shared', 'unbindable'],
  },
  '/linux/resources/devices/*/type': { enum: ['a', 'b', 'c', ''] },
  '/linux/resources/devices/*/access': { pattern: '^[rwm]*$' },
  '/linux/resources/devices/*/major': { minimum: -1 },
  '/linux/resources/devices/*/minor': { minimum: -1 },
  '/linux/resources/blockIO/weightDevice/*': {
    anyOf: [{ required: ['weight'] }, { required: ['leafWeight'] }],
  },
  '/linux/resources/memory/limit': { minimum: -1 },
  '/linux/resources/memory/reservation': { minimum: -1 },
  '/linux/resources/memory/swap': { minimum: -1 },
  '/linux/resources/memory/swappiness': { maximum: 100 },
  '/linux/resources/hugepageLimits/*/pageSize': { pattern: '^[1-9][0-9]*[KMG]B$' },
  '/linux/resources/rdma/*': { minProperties: 1 },
  '/linux/seccomp/listenerPath': absoluteOrEmpty,
  '/linux/seccomp/syscalls/*/names': some,
  '/linux/seccomp/syscalls/*/names/*': given,
};

/** Keywords for places of the state. */
export const STATE_HINTS: Places<object> = {
  '': {
    if: { properties: { status: { enum: ['creating', 'stopped', 'paused'] } } },
    else: { required: ['pid'] },
  },
};
