// What the facts come to: which rights there are over what is the host's.

import { holds } from '../../host/collect.js';
import { idOutside, parseIdMap } from '../../host/id-map.js';
import { CAPABILITY_NAMES } from '../../spec/rules/capabilities.js';
import type { AuditFacts, SetName } from './facts.js';
import { hostPath, type MountFact } from './mountinfo.js';

/** What all warnings ask. */
export interface View {
  readonly facts: AuditFacts;
  /** Names of the capabilities that some process of the container has, or can still get. */
  readonly held: ReadonlySet<string>;
  readonly reachable: ReadonlySet<string>;
  /** Whether a namespace is the host's; null where that could not be told. */
  shares(kind: string): boolean | null;
  /** Whether its capabilities are those over the host. */
  readonly hostUser: boolean;
  /** Whether it has, or can get, the rights of root of the host over files. */
  readonly hostRoot: boolean;
  /** The place in config.json that a capability comes from; none where a program of exec brought it. */
  capabilityPointer(name: string): string | undefined;
  /** Of a namespace: the one that joins it, or the list that does not have it. */
  namespacePointer(kind: string): string;
  /** Of a mount, where one has its target. */
  mountPointer(mount: MountFact): string | undefined;
  /** Where the directory is on the host. */
  hostPath(mount: MountFact): string | undefined;
}

/** Namespaces that a machine starts with (the kernel's proc_ns.h). */
const INITIAL: Readonly<Record<string, string>> = {
  cgroup: 'cgroup:[4026531835]',
  ipc: 'ipc:[4026531839]',
  pid: 'pid:[4026531836]',
  time: 'time:[4026531834]',
  user: 'user:[4026531837]',
  uts: 'uts:[4026531838]',
};

/** As config.json calls them. */
const TYPES: Readonly<Record<string, string>> = { mnt: 'mount', net: 'network' };

/** Puts the facts together. */
export function viewOf(facts: AuditFacts): View {
  const { config, host, processes } = facts;
  const shares = (kind: string) => sharesNamespace(facts, kind);
  const union = (...sets: SetName[]) => namesIn(facts, sets);
  const held = union('CapPrm', 'CapEff', 'CapAmb');
  // A set-user-ID program gives what the bounding set has (capabilities(7)).
  const reachable = processes.every(({ noNewPrivileges }) => noNewPrivileges)
    ? held
    : new Set([...held, ...union('CapBnd')]);
  const hostUser = shares('user') ?? true;
  const roots = rootsInside(facts, hostUser);
  return {
    facts,
    held,
    reachable,
    shares,
    hostUser,
    hostRoot: roots && becomesRoot(facts, reachable),
    capabilityPointer: (name) => capabilityPointer(facts, name),
    namespacePointer: (kind) => {
      const type = TYPES[kind] ?? kind;
      const index = (config.linux?.namespaces ?? []).findIndex((one) => one.type === type);
      return index < 0 ? '/linux/namespaces' : `/linux/namespaces/${index}`;
    },
    mountPointer: (mount) => mountPointer(facts, mount),
    hostPath: (mount) => hostPath(mount, host.mounts),
  };
}

function sharesNamespace({ namespaces, host }: AuditFacts, kind: string): boolean | null {
  const own = namespaces[kind] ?? null;
  if (own === null) return null;
  return own === INITIAL[kind] || own === host.namespaces[kind];
}

/** Whether root of the host has a number in the container's user namespace. */
function rootsInside({ uidMap, host }: AuditFacts, hostUser: boolean): boolean {
  const inside = parseIdMap(host.uidMap).find(
    ({ outside, count }) => outside <= 0 && 0 < outside + count,
  );
  if (inside === undefined) return false;
  const root = inside.inside - inside.outside;
  // A map of one's own namespace is told in ids of the one above.
  if (hostUser) return idOutside(0, host.uidMap) === 0;
  return parseIdMap(uidMap).some(({ outside, count }) => root >= outside && root < outside + count);
}

/** Its uids as the auditor sees them, which is what the host knows them by. */
function becomesRoot({ processes }: AuditFacts, reachable: ReadonlySet<string>): boolean {
  return (
    processes.some(({ uids }) => uids.includes(0)) ||
    reachable.has('CAP_SETUID') ||
    processes.some(({ noNewPrivileges }) => !noNewPrivileges)
  );
}

function namesIn({ processes }: AuditFacts, sets: readonly SetName[]): Set<string> {
  const bits = processes.flatMap(({ capabilities }) =>
    sets.map((set) => BigInt(`0x${capabilities[set]}`)),
  );
  return new Set(CAPABILITY_NAMES.filter((_, number) => bits.some((set) => holds(set, [number]))));
}

/** The bounding set decides what can be had at all, so its place is the last choice. */
function capabilityPointer({ config }: AuditFacts, name: string): string | undefined {
  const sets = config.process?.capabilities;
  for (const set of ['effective', 'permitted', 'ambient', 'bounding'] as const) {
    const index = sets?.[set]?.indexOf(name) ?? -1;
    if (index >= 0) return `/process/capabilities/${set}/${index}`;
  }
  return undefined;
}

function mountPointer({ config, host }: AuditFacts, mount: MountFact): string | undefined {
  const mounts = config.mounts ?? [];
  const at = mounts.findLastIndex(({ destination }) => clean(destination) === mount.target);
  if (at >= 0) return `/mounts/${at}`;
  if (mount.target === '/') return '/root';
  // A link in the root filesystem has led it elsewhere.
  const source = hostPath(mount, host.mounts);
  const by = mounts.findIndex((one) => one.source !== undefined && clean(one.source) === source);
  return by < 0 ? undefined : `/mounts/${by}`;
}

function clean(path: string): string {
  return `/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}
