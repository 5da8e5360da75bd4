// The step that limits the container's cgroup, and what is said of limits that cannot be set.

import type { HostFacts } from '../host/facts.js';
import type { Resources } from '../spec/types.js';
import type { CgroupPlace } from './cgroup.js';
import { limitsOf } from './resources/index.js';
import { type CgroupWrite, controllerOf, type Limits } from './resources/limits.js';
import type { Situation } from './situation.js';
import type { Step } from './steps.js';
import { propertiesOf } from './systemd/limit-properties.js';

const POINTER = '/linux/resources';

/**
 * Limits the cgroup at `place`, or tells that there is none to limit. With `strict` each limit that
 * would not hold is a refusal.
 */
export function limitCgroup(
  situation: Situation,
  place: CgroupPlace | undefined,
  strict: boolean,
): Step[] {
  const { resources } = situation.linux;
  if (resources === undefined || !asksForLimits(resources)) return [];
  const { path, scope } = place ?? {};
  const host = scope ? hostOfUnits(situation.host) : situation.host;
  const limits = limitsOf(resources);
  report(situation, limits);
  const told = new Set<string>();
  const writes = limits.writes.filter((write) => {
    const obstacle = obstacleTo(write, path, host);
    // Some limits take two files.
    if (obstacle !== undefined && !told.has(write.pointer)) {
      told.add(write.pointer);
      notApplied(situation, write, obstacle, strict);
    }
    return obstacle === undefined;
  });
  if (writes.length === 0 || path === undefined) return [];
  const properties = scope ? { properties: propertiesOf(writes) } : {};
  return [{ step: 'limit-cgroup', path, writes, strict, ...properties, pointer: POINTER }];
}

/** The facts with the controllers that units can have: those of their manager, not of the caller's cgroup. */
export function hostOfUnits(host: HostFacts): HostFacts {
  const { version1 } = host.cgroupControllers;
  return {
    ...host,
    cgroupControllers: { available: host.systemd.controllers, version1 },
  };
}

/** Anything but device rules, which are a step of their own. */
function asksForLimits({ devices: _, ...rest }: Resources): boolean {
  return Object.keys(rest).length > 0;
}

function report({ notes }: Situation, { refusals, warnings }: Limits): void {
  for (const { pointer, message } of warnings) notes.warn(pointer, message);
  for (const refusal of refusals) notes.refuse({ doing: 'limit the cgroup', ...refusal });
}

/** Why a limit cannot be set, as far as the facts tell. */
export interface Obstacle {
  readonly cause: string;
  readonly remedy: string;
  /** It lies with the machine, which the container can run on all the same. */
  readonly mild: boolean;
}

/** Undefined where nothing stands in the way, or where nothing is asked for that is not so. */
export function obstacleTo(
  { file, value }: CgroupWrite,
  path: string | undefined,
  host: HostFacts,
): Obstacle | undefined {
  // Nothing is asked for that is not so already.
  const isLimit = value !== 'max';
  const controller = controllerOf(file);
  if (path === undefined) return isLimit ? noCgroup(host, controller) : none;
  if (controller === undefined || host.cgroupControllers.available.includes(controller)) {
    return undefined;
  }
  return isLimit ? missing(controller, host) : none;
}

const none: Obstacle = { cause: '', remedy: '', mild: true };

function noCgroup(
  { cgroup, cgroupControllers }: HostFacts,
  controller: string | undefined,
): Obstacle {
  const remedy = 'mount cgroup2 and do not disable the cgroup manager';
  if (cgroup.mount !== undefined)
    return { cause: 'this container has no cgroup', remedy, mild: true };
  const what = controller === undefined ? 'this' : `the ${controller} controller`;
  const cause = `${what} takes cgroup version 2, which is not mounted on this host`;
  return boundTo(controller ?? '', cgroupControllers) ?? { cause, remedy, mild: true };
}

/** Undefined for a controller that no hierarchy of version 1 has. */
export function boundTo(
  controller: string,
  { version1 }: HostFacts['cgroupControllers'],
): Obstacle | undefined {
  if (!Object.hasOwn(version1, controller)) return undefined;
  const mount = version1[controller] ?? '';
  const where = mount === '' ? '' : `, at ${mount}`;
  const cause = `the ${controller} controller is bound to cgroup version 1 on this host${where}`;
  const remedy = 'boot with systemd.unified_cgroup_hierarchy=1, or cgroup_no_v1=all';
  return { cause, remedy, mild: true };
}

function missing(controller: string, { cgroupControllers, ...host }: HostFacts): Obstacle {
  const bound = boundTo(controller, cgroupControllers);
  if (bound) return bound;
  if (!host.privileged || host.inUserNamespace) {
    const cause = `the ${controller} controller is not delegated to this user`;
    const remedy = 'run below a delegated cgroup: systemd-run --user --scope -p Delegate=yes';
    return { cause, remedy, mild: true };
  }
  const cause = `this machine has no ${controller} controller`;
  return { cause, remedy: `see ${host.cgroup.mount}/cgroup.controllers`, mild: false };
}

function notApplied(
  { notes }: Situation,
  { pointer }: CgroupWrite,
  obstacle: Obstacle,
  strict: boolean,
): void {
  if (obstacle === none) return;
  const { cause, remedy, mild } = obstacle;
  if (mild && !strict) notes.warn(pointer, `limit not applied: ${cause}`);
  else notes.refuse({ doing: 'limit the cgroup', pointer, cause, remedy });
}
