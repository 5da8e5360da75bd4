// The values of a step in words, flags by name.

import { IO_CLASSES, PERSONAS, SCHEDULER_FLAGS, SCHEDULER_POLICIES } from '../spec/numbers.js';
import { RLIMIT_NAMES } from '../spec/rules/rlimits.js';
import { ruleText } from './device-rules.js';
import * as names from './flag-names.js';
import { limitText } from './rlimits.js';
import type { Hook, IdRange, Step } from './steps.js';
import { propertyText } from './systemd/property.js';

type Details = { [Name in Step['step']]?: (step: Extract<Step, { step: Name }>) => string };

const details: Details = {
  'create-cgroup': (s) => s.path + (s.optional ? ' (if possible)' : ''),
  'move-network-device': (s) => (s.name === s.device ? s.device : `${s.device} as ${s.name}`),
  'join-resctrl': (s) =>
    [s.path + (s.make ? ' (made if missing)' : ''), ...s.base, ...s.schemata, s.monitor]
      .filter((part) => part !== '')
      .join(', '),
  'limit-devices': (s) => s.rules.map(ruleText).join(', '),
  'start-scope': (s) =>
    `${s.unit} in ${s.slice} of the ${s.manager} manager, ${s.properties
      // The list of devices is that of the step which limits them.
      .filter(({ name }) => name !== 'Slice' && name !== 'DeviceAllow')
      .map(propertyText)
      .join(', ')}`,
  'limit-cgroup': (s) => s.writes.map(({ file, value }) => `${file}=${value}`).join(', '),
  'own-cgroup': (s) => `${s.path} to user ${s.uid} of the container`,
  'compile-seccomp': ({ profile }) =>
    `default ${profile.defaultAction}, ${profile.syscalls?.length ?? 0} rules`,
  'listen-start': () => 'start.sock',
  clone: (s) => names.cloneFlags(s.flags) + (s.intoCgroup ? ', into the cgroup' : ''),
  'write-id-maps': (s) => `${s.method}, uid ${s.uid.map(range)}, gid ${s.gid.map(range)}`,
  'open-namespace': (s) =>
    `#${s.index} ${names.cloneFlags(s.type)} ${s.path}${s.foreign ? ', not the own one' : ''}`,
  'enter-namespace': (s) => `#${s.index} ${names.cloneFlags(s.type)}`,
  'enter-container': (s) => names.cloneFlags(s.flags),
  unshare: (s) => names.cloneFlags(s.flags),
  'set-time-offsets': (s) =>
    `monotonic ${s.monotonicSecs} s ${s.monotonicNanosecs} ns, boottime ${s.boottimeSecs} s ${s.boottimeNanosecs} ns`,
  fork: (s) => names.cloneFlags(s.flags) + (s.intoCgroup ? ', into the cgroup' : ''),
  'set-hostname': (s) => s.name,
  'set-domainname': (s) => s.name,
  'set-propagation': (s) => names.propagation(s.flags),
  'open-source': (s) => `#${s.index} ${s.source}${s.recursive ? ' and all below' : ''}`,
  'open-root': (s) => from(s) + (s.attach ? '' : ', not as a mount'),
  'make-directory': (s) => `${s.target} ${names.octal(s.mode)}`,
  'mount-filesystem': (s) =>
    `${s.type} on ${s.target}` +
    options(names.attributes(s.attributes), s.options, [names.propagation(s.propagation)]),
  'open-mapped': (s) =>
    `${s.source}${s.recursive ? ' and all below' : ''}, ${
      s.namespace ?? `uid ${s.uid.map(range)}, gid ${s.gid.map(range)}`
    }${s.mapAll ? ', all of it' : ''}`,
  'take-source': (s) => `#${s.index} ${s.mount}`,
  'bind-link': (s) =>
    `${s.source} on ${s.target}` +
    options(
      [s.recursive ? 'rbind' : 'bind'],
      s.copyLink ? ['copy-symlink'] : [],
      s.sourceNoFollow ? ['src-nofollow'] : [],
      s.targetNoFollow ? ['dest-nofollow'] : [],
      names.attributes(s.setAttributes, s.clearAttributes),
      names.attributes(s.recursiveSetAttributes, s.recursiveClearAttributes).map((n) => `r${n}`),
      [names.propagation(s.propagation)],
    ),
  'mount-copy-up': (s) =>
    `${s.type} on ${s.target} with what is there` +
    options(names.attributes(s.attributes), s.options, [names.propagation(s.propagation)]),
  'mount-at-once': (s) =>
    `${s.type} on ${s.target}` +
    options([names.mountFlags(s.flags), s.data, names.propagation(s.propagation)]),
  'change-mount': (s) =>
    s.target +
    options(
      names.attributes(s.setAttributes, s.clearAttributes),
      names.attributes(s.recursiveSetAttributes, s.recursiveClearAttributes).map((n) => `r${n}`),
      [names.propagation(s.propagation)],
    ),
  'bind-mount': (s) =>
    `${from(s)} on ${s.target}` +
    options(
      [s.recursive ? 'rbind' : 'bind'],
      names.attributes(s.setAttributes, s.clearAttributes),
      names.attributes(s.recursiveSetAttributes, s.recursiveClearAttributes).map((n) => `r${n}`),
      [names.propagation(s.propagation)],
    ),
  'make-device': (s) =>
    `${s.target} ${names.device(s)} ${names.octal(s.mode)}, owner ${s.uid}:${s.gid}`,
  'bind-device': (s) => `${s.source} on ${s.target} ${names.device(s)}`,
  'make-symlink': (s) => `${s.target} -> ${s.content}`,
  'open-terminal': (s) =>
    `${s.rows} rows, ${s.columns} columns${s.bindConsole ? ', on /dev/console' : ''}, owner ${s.uid}`,
  'keep-mounts': (s) => s.targets.join(', '),
  'mask-path': (s) => s.target,
  'make-read-only': (s) => s.target,
  'run-runtime-hook': hook,
  'run-hook': hook,
  'set-root-propagation': (s) => names.propagation(s.flags),
  'set-oom-score': (s) => String(s.score),
  'open-proc': (s) => (s.complete ? 'with /proc/sys' : 'processes only'),
  'set-sysctl': (s) => `${s.path} = ${JSON.stringify(s.value)}`,
  'write-attribute': (s) => `${JSON.stringify(s.value)} to ${s.paths.join(' or ')}`,
  'set-personality': (s) => names.nameOf(PERSONAS, s.persona),
  'set-memory-policy': (s) => `${names.memoryPolicy(s.mode)}, nodes ${list(s.nodes)}`,
  'set-scheduler': (s) =>
    `${names.nameOf(SCHEDULER_POLICIES, s.policy)}, nice ${s.nice}, priority ${s.priority}, ${s.runtime}/${s.deadline}/${s.period} ns, flags ${names.bitsOf(SCHEDULER_FLAGS, s.flags)}`,
  'set-io-priority': (s) => `${names.nameOf(IO_CLASSES, s.ioClass)}, level ${s.level}`,
  'set-affinity': (s) => `CPUs ${list(s.cpus)}`,
  'set-rlimit': (s) =>
    `${RLIMIT_NAMES[s.resource]} soft ${limitText(s.soft)}, hard ${limitText(s.hard)}`,
  'set-umask': (s) => names.octal(s.mask),
  'find-home': (s) => `of uid ${s.uid} in /etc/passwd, else /`,
  'set-bounding': (s) => names.capabilities(s.keep),
  'set-user': (s) =>
    `${s.uid}:${s.gid}, ${s.setGroups ? `groups ${list(s.groups)}` : 'groups kept'}`,
  'set-capabilities': (s) =>
    (['effective', 'permitted', 'inheritable', 'ambient'] as const)
      .map((set) => `${set} ${names.capabilities(s[set])}`)
      .join('; '),
  'set-cwd': (s) => `${s.path}${s.early ? '' : ', if it is not yet'}`,
  'find-program': (s) => `${JSON.stringify(s.program)} in ${s.searchPath}`,
  execute: (s) =>
    `${JSON.stringify(s.arguments)}, environment ${JSON.stringify(s.environment)}` +
    (s.preserve > 0 ? `, descriptors 3-${s.preserve + 2} kept` : ''),
};

/** What is particular about a step; empty where its name says all. */
export function detailsOf(step: Step): string {
  const describe = details[step.step] as ((step: Step) => string) | undefined;
  return describe?.(step) ?? '';
}

function hook(s: Hook): string {
  const limit = s.timeout === 0 ? '' : `, at most ${s.timeout} s`;
  return `${s.path} ${JSON.stringify(s.arguments)}, environment ${JSON.stringify(s.environment)}${limit}`;
}

function range({ containerId, hostId, size }: IdRange): string {
  return `${containerId}=${hostId}+${size}`;
}

function from({ source, opened, index }: { source: string; opened: boolean; index: number }) {
  return opened ? `${source} (#${index})` : source;
}

function options(...groups: readonly (readonly string[])[]): string {
  const words = groups.flat().filter((word) => word !== '');
  return words.length === 0 ? '' : `, ${words.join(',')}`;
}

function list(numbers: readonly number[]): string {
  return numbers.join(',') || 'none';
}
