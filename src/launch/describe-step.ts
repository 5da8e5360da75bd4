// What a step was about, in the words of an error message.

import { limitText } from '../plan/rlimits.js';
import type { Step } from '../plan/steps.js';
import { RLIMIT_NAMES } from '../spec/rules/rlimits.js';

/** mount(2) */
const MS_REMOUNT = 0x20;

type Describe = { [Name in Step['step']]?: (step: Extract<Step, { step: Name }>) => string };

/** Steps whose name alone does not say what they were about. */
const descriptions: Describe = {
  'create-cgroup': () => 'create cgroup',
  'start-scope': (s) => `start the unit ${s.unit}`,
  'move-network-device': (s) => `move network device ${s.device}`,
  'join-resctrl': () => 'join a class of service',
  'limit-devices': () => 'limit the devices',
  'limit-cgroup': () => 'limit the cgroup',
  'own-cgroup': () => 'give the container its cgroup',
  'compile-seccomp': () => 'compile the seccomp profile',
  'listen-start': () => 'listen for start',
  'open-mapped': (s) => `map the ids of mount source ${s.source}`,
  clone: (s) => `create ${namespaces(s.flags)}`,
  'write-id-maps': () => 'write id maps',
  'save-state': () => 'write down the process',
  'run-runtime-hook': (s) => `run the hook ${s.path}`,
  'open-namespace': (s) => `open the ${namespaces(s.type)} ${s.path}`,
  'enter-namespace': (s) => `join the ${namespaces(s.type)}`,
  'enter-container': () => 'enter the container',
  unshare: (s) => `create ${namespaces(s.flags)}`,
  fork: (s) => (s.flags === 0 ? 'fork' : `create ${namespaces(s.flags)}`),
  'become-root': () => 'become root of the user namespace',
  'set-hostname': (s) => `set hostname to ${s.name}`,
  'set-domainname': (s) => `set domainname to ${s.name}`,
  'open-source': (s) => `open mount source ${s.source}`,
  'open-root': (s) => `open the root filesystem ${s.source}`,
  'make-directory': (s) =>
    `make ${s.pointer === '/process/cwd' ? 'the working directory' : 'directory'} ${s.target}`,
  'mount-filesystem': (s) => `mount ${s.type} on ${s.target}`,
  'bind-link': (s) => `bind mount ${s.source} on ${s.target}`,
  'mount-copy-up': (s) => `mount ${s.type} on ${s.target}`,
  'mount-at-once': (s) =>
    s.flags & MS_REMOUNT ? `remount ${s.target}` : `mount ${s.type} on ${s.target}`,
  'change-mount': (s) => `change the mount on ${s.target}`,
  'bind-mount': (s) => `bind mount ${s.source} on ${s.target}`,
  'make-device': (s) => `make device ${s.target}`,
  'bind-device': (s) => `bind device ${s.source} on ${s.target}`,
  'make-symlink': (s) => `link ${s.target} to ${s.content}`,
  'keep-mounts': () => 'keep mounts open',
  'close-descriptors': () => 'close descriptors',
  'mask-path': (s) => `mask ${s.target}`,
  'make-read-only': (s) => `make ${s.target} read-only`,
  'pivot-root': () => 'change the root with pivot_root',
  'move-root': () => 'change the root by moving it onto /',
  'set-oom-score': (s) => `set oom_score_adj to ${s.score}`,
  'open-proc': () => 'open a procfs',
  'set-sysctl': (s) => `set sysctl ${s.path} to ${JSON.stringify(s.value)}`,
  'write-attribute': (s) => `set the label of the program, "${s.value}"`,
  'set-personality': () => 'set the execution domain',
  'set-memory-policy': () => 'set the memory policy',
  'set-scheduler': () => 'set the scheduler',
  'set-io-priority': () => 'set the I/O priority',
  'set-affinity': () => 'set the CPU affinity',
  'set-rlimit': (s) =>
    `set ${RLIMIT_NAMES[s.resource]} to ${limitText(s.soft)}:${limitText(s.hard)}`,
  'set-user': (s) => `change to user ${s.uid}:${s.gid}`,
  'set-cwd': (s) => `change directory to ${s.path}`,
  'find-program': (s) => `exec: ${JSON.stringify(s.program)}`,
  'load-seccomp': () => 'load the seccomp filter',
  'run-hook': (s) => `run the hook ${s.path}`,
  execute: (s) => `exec: ${JSON.stringify(s.arguments[0] ?? '')}`,
};

/** `mount proc on /proc`, `set hostname to web`; else the step's own name in words. */
export function describeStep(step: Step): string {
  const describe = descriptions[step.step] as ((step: Step) => string) | undefined;
  return describe?.(step) ?? step.step.replaceAll('-', ' ');
}

/** CLONE_NEW* (clone(2)). */
const NAMESPACES: readonly (readonly [number, string])[] = [
  [0x10000000, 'user'],
  [0x00020000, 'mount'],
  [0x20000000, 'pid'],
  [0x40000000, 'network'],
  [0x08000000, 'ipc'],
  [0x04000000, 'uts'],
  [0x02000000, 'cgroup'],
  [0x00000080, 'time'],
];

function namespaces(flags: number): string {
  const names = NAMESPACES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  if (names.length === 0) return 'process';
  return `${names.join(', ')} namespace${names.length > 1 ? 's' : ''}`;
}
