// Kernel parameters of the container: only those that a namespace of its own holds (config-linux.md#sysctl).

import type { Config } from '../config/config.js';
import type { NamespaceType } from '../config/namespaces.js';
import { below, type Problems } from '../problem.js';
import { namespaceOf } from './namespaces.js';
import type { Rule } from './rule.js';

/** Each parameter belongs to a namespace that the container does not share with the host. */
export const sysctl: Rule = {
  reads: ['/linux/sysctl', '/linux/namespaces', '/hostname', '/domainname'],
  check(config, to) {
    const map = config.linux?.sysctl;
    if (map === undefined) return;
    const seen = new Map<string, string>();
    for (const [key, value] of Object.entries(map)) {
      parameter(key, config, to);
      line(key, value, to);
      repeated(key, seen, to);
    }
  },
};

function parameter(key: string, config: Config, to: Problems): void {
  const pointer = below('/linux/sysctl', key);
  const path = sysctlPath(key);
  const type = namespaceTypeOf(path);
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    to.error(pointer, `"${key}" is not the name of a kernel parameter`);
  } else if (type === undefined) {
    to.error(pointer, `"${key}" is not in a namespace: it would change the host`);
  } else if (namespaceOf(config, type) === undefined) {
    to.error(pointer, `"${key}" needs a namespace of type "${type}" in linux.namespaces`);
  } else if (path === 'kernel/hostname' && config.hostname) {
    to.error(pointer, `"${key}" conflicts with hostname`);
  } else if (path === 'kernel/domainname' && config.domainname) {
    to.error(pointer, `"${key}" conflicts with domainname`);
  }
}

/** A parameter is one line; what follows it would be another write (CVE-2022-0811). */
function line(key: string, value: string, to: Problems): void {
  if (!value.includes('\n')) return;
  const pointer = below('/linux/sysctl', key);
  to.error(pointer, `the value of "${key}" must be one line: ${JSON.stringify(value)}`);
}

/** The two forms of one name: which value counts would be chance. */
function repeated(key: string, seen: Map<string, string>, to: Problems): void {
  const path = sysctlPath(key);
  const first = seen.get(path);
  if (first === undefined) seen.set(path, key);
  else to.error(below('/linux/sysctl', key), `"${key}" is already set as "${first}"`);
}

/** Path below /proc/sys; the first separator says whether `.` or `/` divides (sysctl.d(5)). */
export function sysctlPath(key: string): string {
  const first = /[./]/.exec(key)?.[0];
  if (first !== '.') return key;
  return key.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}

/** ipc_namespaces(7), ipc/ipc_sysctl.c. */
const IPC = [
  'msgmax',
  'msgmnb',
  'msgmni',
  'sem',
  'shmall',
  'shmmax',
  'shmmni',
  'shm_rmid_forced',
  'msg_next_id',
  'sem_next_id',
  'shm_next_id',
  'auto_msgmni',
];

/** The type of namespace that holds the parameter at a path; none for one of the whole host. */
export function namespaceTypeOf(path: string): NamespaceType | undefined {
  if (path.startsWith('net/')) return 'network';
  if (path.startsWith('fs/mqueue/')) return 'ipc';
  if (path === 'kernel/hostname' || path === 'kernel/domainname') return 'uts';
  if (path.startsWith('kernel/') && IPC.includes(path.slice('kernel/'.length))) return 'ipc';
  if (path.startsWith('user/')) return 'user';
  return undefined;
}
