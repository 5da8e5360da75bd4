// Which devices the processes of the container's cgroup may use (config-linux.md#allowed-device-list).

import type { HostFacts } from '../host/facts.js';
import type { Device } from '../spec/types.js';
import {
  allowsAll,
  type DeviceNumber,
  type DeviceRule,
  effectiveRules,
  isUsual,
  mayAccess,
} from './device-rules.js';
import { boundTo, type Obstacle } from './limit-cgroup.js';
import { mayMakeDevices } from './privileges.js';
import type { Situation } from './situation.js';
import type { Origin, Step } from './steps.js';

const LIST = '/linux/resources/devices';

/**
 * The limit, or why there is none: it takes root of the host, and a cgroup. With `strict` one that was
 * asked for and would not hold is a refusal.
 */
export function limitDevices(
  situation: Situation,
  cgroup: string | undefined,
  strict: boolean,
): Step[] {
  const { linux } = situation;
  const rules = effectiveRules(linux.resources?.devices);
  if (allowsAll(rules)) return [];
  if (cgroup === undefined || !mayLimitDevices(situation)) {
    if (!isUsual(rules)) notApplied(situation, cgroup, strict);
    warnOpen(situation);
    return [];
  }
  linux.devices?.forEach((device, index) => {
    warnUseless(situation, rules, device, index);
  });
  return [{ step: 'limit-devices', rules, ...origin(situation) }];
}

/** bpf(2) of this kind belongs to root of the initial user namespace. */
export function mayLimitDevices({ host }: Situation): boolean {
  return host.privileged && !host.inUserNamespace;
}

/** Whether the container may use more, or less, than any other: then it cannot do without the limit. */
export function asksForDevices({ linux }: Situation): boolean {
  const rules = effectiveRules(linux.resources?.devices);
  return !isUsual(rules) && !allowsAll(rules);
}

function origin({ linux }: Situation): Origin {
  return linux.resources?.devices ? { pointer: LIST } : { because: 'default device rules' };
}

function notApplied({ host, notes }: Situation, cgroup: string | undefined, strict: boolean): void {
  const { cause, remedy } = cgroup === undefined ? noCgroup(host) : notRoot;
  if (!strict) notes.warn(LIST, `limit not applied: ${cause}`);
  else notes.refuse({ doing: 'limit the cgroup', pointer: LIST, cause, remedy });
}

const notRoot = { cause: 'it takes root', remedy: 'run it as root, or leave the list out' };

/** The kernel asks a program of version 2, also where version 1 has the controller. */
function noCgroup({ cgroup, cgroupControllers }: HostFacts): Pick<Obstacle, 'cause' | 'remedy'> {
  const bound = cgroup.mount === undefined && boundTo('devices', cgroupControllers);
  const remedy = 'mount cgroup2 and do not disable the cgroup manager';
  return bound || { cause: 'this container has no cgroup of version 2', remedy };
}

/** Whoever cannot make devices has only those that are given: then the usual list says nothing new. */
function warnOpen(situation: Situation): void {
  const { notes, process } = situation;
  const { bounding = [] } = process.capabilities ?? {};
  if (!mayMakeDevices(situation) || !bounding.includes('CAP_MKNOD')) return;
  notes.warn(
    LIST,
    'limit not applied: with CAP_MKNOD the process can make and open every device of the host',
  );
}

/** A node that nobody can open is hardly what was wanted. */
function warnUseless(
  { notes }: Situation,
  rules: readonly DeviceRule[],
  { path, type, major = 0, minor = 0 }: Device,
  index: number,
): void {
  if (type === 'p') return;
  const device: DeviceNumber = { type: type === 'b' ? 'b' : 'c', major, minor };
  if (mayAccess(rules, device, 'r') || mayAccess(rules, device, 'w')) return;
  notes.warn(
    `/linux/devices/${index}`,
    `${path} cannot be opened: linux.resources.devices does not allow ${device.type} ${major}:${minor}`,
  );
}
