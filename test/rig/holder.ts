// A process of its own namespaces, made without the runtime, for containers to join.

import { readFileSync, readlinkSync } from 'node:fs';
import type { NamespaceType } from '../../src/spec/types.js';
import type { Rig } from './rig.js';
import { until } from './until.js';

/** Names below /proc/PID/ns. */
export const procNames: Record<NamespaceType, string> = {
  cgroup: 'cgroup',
  ipc: 'ipc',
  mount: 'mnt',
  network: 'net',
  pid: 'pid',
  time: 'time',
  user: 'user',
  uts: 'uts',
};

/** `type:[inode]` of a process; the own one by default. */
export function namespaceOf(type: NamespaceType, pid: number | 'self' = 'self'): string {
  return readlinkSync(`/proc/${pid}/ns/${procNames[type]}`);
}

/** The process in the new namespaces. */
export interface Holder {
  readonly pid: number;
  /** `type:[inode]` of one of its namespaces. */
  namespace(type: NamespaceType): string;
  /** What `path` of a joined namespace names. */
  path(type: NamespaceType): string;
  end(): Promise<void>;
}

/** Starts unshare(1) for new namespaces of `types`; in a new user namespace the caller is root. */
export async function holdNamespaces(
  rig: Rig,
  types: readonly NamespaceType[],
  script = 'exec sleep 1000',
): Promise<Holder> {
  const flags = types.map((type) => (type === 'user' ? '--map-root-user' : `--${option(type)}`));
  const options = [...flags, '--fork', '--kill-child', '--propagation', 'slave'];
  const allowed = types.includes('mount') ? options : options.slice(0, -2);
  const running = rig.launch(['unshare', ...allowed, 'sh', '-c', `echo held; ${script}`]);
  if (!(await until(() => running.outputSoFar() === 'held\n'))) {
    throw new Error(`unshare: ${(await running.ended).stderr}`);
  }
  const children = readFileSync(`/proc/${running.pid}/task/${running.pid}/children`, 'utf8');
  const pid = Number(children.trim());
  return {
    pid,
    namespace: (type) => namespaceOf(type, pid),
    path: (type) => `/proc/${pid}/ns/${procNames[type]}`,
    end: async () => {
      running.signal('SIGKILL');
      await running.ended;
    },
  };
}

/** As unshare(1) calls them. */
function option(type: NamespaceType): string {
  return type === 'network' ? 'net' : type;
}
