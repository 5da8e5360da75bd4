// Id maps: of user namespaces and mounts (config-linux.md#user-namespace-mappings, user_namespaces(7)).

import type { Config } from '../config/config.js';
import type { IdMapping, Namespace } from '../config/namespaces.js';
import type { Problems } from '../problem.js';
import { each, type Rule } from './rule.js';

/** Lines that /proc/PID/uid_map takes. */
const MAX_LINES = 340;
/** First id after the last usable one. */
const END_OF_IDS = 2 ** 32 - 1;

/** Maps need a user namespace, and a new user namespace needs maps. */
export const mapsAndNamespace: Rule = {
  reads: ['/linux/namespaces', '/linux/uidMappings', '/linux/gidMappings'],
  check(config, to) {
    const user = userNamespace(config);
    for (const name of ['uidMappings', 'gidMappings'] as const) {
      const there = (config.linux?.[name]?.length ?? 0) > 0;
      if (there && user === undefined) {
        to.error(`/linux/${name}`, 'needs a namespace of type "user" in linux.namespaces');
      } else if (!there && user !== undefined && !user.path) {
        to.error(`/linux/${name}`, 'required for a new user namespace, as no id is mapped without');
      }
    }
  },
};

/** Ranges are not empty, end within the ids, and do not overlap. */
export const mapRanges: Rule = {
  reads: ['/linux/uidMappings/*', '/linux/gidMappings/*'],
  check({ linux }, to) {
    mappings(linux?.uidMappings, '/linux/uidMappings', to);
    mappings(linux?.gidMappings, '/linux/gidMappings', to);
  },
};

/** Checks the ranges of one map. */
export function mappings(map: readonly IdMapping[] | undefined, pointer: string, to: Problems) {
  if (map === undefined) return;
  if (map.length > MAX_LINES) {
    to.error(pointer, `has ${map.length} entries, but the kernel takes at most ${MAX_LINES}`);
  }
  each(map, (entry, i) => {
    const at = `${pointer}/${i}`;
    if (entry.size === 0) to.error(`${at}/size`, 'must be at least 1');
    for (const side of ['containerID', 'hostID'] as const) {
      if (entry[side] + entry.size > END_OF_IDS) {
        const range = `${entry[side]} and ${entry.size} ids on`;
        to.error(`${at}/${side}`, `range from ${range} reaches beyond the last id, 4294967294`);
      }
      overlap(map, i, side, at, to);
    }
  });
}

function overlap(
  map: readonly IdMapping[],
  index: number,
  side: 'containerID' | 'hostID',
  pointer: string,
  to: Problems,
): void {
  const entry = map[index] as IdMapping;
  const other = map.findIndex((candidate, i) => {
    if (i >= index || candidate === undefined) return false;
    const apart =
      entry[side] >= candidate[side] + candidate.size ||
      candidate[side] >= entry[side] + entry.size;
    return !apart;
  });
  if (other >= 0) to.error(`${pointer}/${side}`, `range overlaps that of entry ${other}`);
}

/** The ids of `process.user` exist in a new user namespace. */
export const mappedUser: Rule = {
  reads: ['/process/user', '/linux/namespaces', '/linux/uidMappings', '/linux/gidMappings'],
  check(config, to) {
    const { process, linux } = config;
    if (process === undefined || userNamespace(config) === undefined) return;
    const { uid, gid, additionalGids } = process.user;
    mapped(uid, linux?.uidMappings, '/process/user/uid', 'uidMappings', to);
    mapped(gid, linux?.gidMappings, '/process/user/gid', 'gidMappings', to);
    each(additionalGids, (group, i) => {
      const pointer = `/process/user/additionalGids/${i}`;
      mapped(group, linux?.gidMappings, pointer, 'gidMappings', to);
    });
  },
};

function mapped(
  id: number,
  map: readonly IdMapping[] | undefined,
  pointer: string,
  name: string,
  to: Problems,
): void {
  if (map === undefined || map.length === 0) return;
  if (map.some((e) => id >= e.containerID && id < e.containerID + e.size)) return;
  to.error(pointer, `${id} is not in the container: linux.${name} does not map it`);
}

function userNamespace(config: Config): Namespace | undefined {
  return config.linux?.namespaces?.find((namespace) => namespace.type === 'user');
}
