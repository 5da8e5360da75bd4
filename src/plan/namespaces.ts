// Which namespaces are new and which are joined (config-linux.md#namespaces).

import type { Linux, NamespaceType } from '../spec/types.js';
import { CLONE } from './flags.js';
import type { Situation } from './situation.js';

/** CLONE_NEW* of each type. */
export const FLAGS: Record<NamespaceType, number> = {
  pid: CLONE.NEWPID,
  network: CLONE.NEWNET,
  mount: CLONE.NEWNS,
  ipc: CLONE.NEWIPC,
  uts: CLONE.NEWUTS,
  user: CLONE.NEWUSER,
  cgroup: CLONE.NEWCGROUP,
  time: CLONE.NEWTIME,
};

/** A namespace to be joined. */
export interface Joined {
  readonly type: number;
  readonly path: string;
  readonly pointer: string;
}

/** `linux.namespaces`, worked out. Flags are CLONE_NEW*. */
export interface Namespaces {
  /** The new ones. */
  readonly created: number;
  /** In the order listed. */
  readonly joined: readonly Joined[];
  /** New or joined. */
  readonly own: number;
  /** JSON pointer of the entry of a type, `/linux/namespaces` where there is none. */
  pointer(flag: number): string;
}

/** Reads `linux.namespaces` (config-linux.md#namespaces). An empty path is no path, as in runc. */
export function resolveNamespaces(linux: Linux): Namespaces {
  const joined: Joined[] = [];
  let created = 0;
  let own = 0;
  linux.namespaces?.forEach(({ type, path }, index) => {
    const flag = FLAGS[type];
    const pointer = `/linux/namespaces/${index}`;
    own |= flag;
    if (path) joined.push({ type: flag, path, pointer });
    else created |= flag;
  });
  const pointer = (flag: number) => {
    const index = linux.namespaces?.findIndex(({ type }) => FLAGS[type] === flag) ?? -1;
    return index < 0 ? '/linux/namespaces' : `/linux/namespaces/${index}`;
  };
  return { created, joined, own, pointer };
}

/** Whether the container has a namespace of this type apart from the runtime's. */
export function has({ namespaces }: Situation, flag: number): boolean {
  return (namespaces.own & flag) !== 0;
}

/** Whether a new namespace of this type is made. */
export function creates({ namespaces }: Situation, flag: number): boolean {
  return (namespaces.created & flag) !== 0;
}
