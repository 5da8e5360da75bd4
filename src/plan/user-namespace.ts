// The user namespace that config.json does not ask for and that its caller cannot do without.

import type { HostFacts, SubIdRange } from '../host/facts.js';
import type { Config, IdMapping } from '../spec/types.js';
import { hasGrants, mayWriteMaps, whyNoHelper } from './id-grants.js';

type Kind = 'uid' | 'gid';

/** What asked for it. */
export const AUTOMATIC = { because: 'default user namespace of a caller without privileges' };

/**
 * The configuration as it is carried out for a caller without privileges: all rights come from a
 * user namespace, so one is added where there is none, as in crun. It has the ids that the caller
 * may map, the caller's own being that of the process; without any that alone, as root.
 */
export function withUserNamespace(config: Config, host: HostFacts): Config {
  const namespaces = config.linux?.namespaces ?? [];
  if (host.privileged || namespaces.some(({ type }) => type === 'user')) return config;
  const { uid = 0, gid = 0 } = config.process?.user ?? {};
  const linux = {
    ...config.linux,
    namespaces: [...namespaces, { type: 'user' as const }],
    uidMappings: mapFor(host, 'uid', uid),
    gidMappings: mapFor(host, 'gid', gid),
  };
  return { ...config, linux };
}

function mapFor(host: HostFacts, kind: Kind, own: number): IdMapping[] {
  // Root that lacks some rights keeps the ids of its own namespace: nobody asked for others.
  if (mayWriteMaps(host)) {
    return host.mappedIds[kind].map(({ start, count }) => mapping(start, start, count));
  }
  if (!hasRanges(host)) return [mapping(0, host[kind], 1)];
  return around(own, host[kind], disjoint(host[kind], host.subordinateIds[kind]));
}

/** Whether there are ranges of both kinds, and helpers that map them. */
export function hasRanges(host: HostFacts): boolean {
  if (!hasGrants(host)) return false;
  return whyNoHelper(host, 'uid') === undefined && whyNoHelper(host, 'gid') === undefined;
}

/** Those that hold nothing twice, nor the caller's own id: a map takes an id once. */
function disjoint(own: number, ranges: readonly SubIdRange[]): SubIdRange[] {
  const kept: SubIdRange[] = [];
  for (const range of ranges) {
    const meets = ({ start, count }: SubIdRange) =>
      range.start < start + count && start < range.start + range.count;
    if (![...kept, { start: own, count: 1 }].some(meets)) kept.push(range);
  }
  return kept;
}

/** `hostId` as `own`, and the other ids from 0 on out of `ranges`. */
function around(own: number, hostId: number, ranges: readonly SubIdRange[]): IdMapping[] {
  const map: IdMapping[] = [];
  let next = 0;
  for (const { start, count } of ranges) {
    // The own id stands within this range, or right before it.
    const below = own >= next && own < next + count ? own - next : count;
    if (below > 0) map.push(mapping(next, start, below));
    next += below;
    if (next !== own) continue;
    map.push(mapping(own, hostId, 1));
    next += 1;
    if (below < count) map.push(mapping(next, start + below, count - below));
    next += count - below;
  }
  return next > own ? map : [...map, mapping(own, hostId, 1)];
}

function mapping(containerID: number, hostID: number, size: number): IdMapping {
  return { containerID, hostID, size };
}
