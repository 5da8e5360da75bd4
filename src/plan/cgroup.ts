// The container's cgroup: where it is (config-linux.md#control-groups).

import { asksForDevices, mayLimitDevices } from './limit-devices.js';
import { cleanPath } from './paths.js';
import type { LaunchOptions } from './plan.js';
import type { Situation } from './situation.js';
import type { StartScope, Step } from './steps.js';
import { startScope } from './systemd/scope.js';

/** The container's cgroup: its absolute path on the host and, where systemd makes it, its unit. */
export interface CgroupPlace {
  readonly path: string;
  readonly scope?: StartScope;
}

/** Undefined where the container gets none. */
export function cgroupPlace(situation: Situation, options: LaunchOptions): CgroupPlace | undefined {
  const { mount } = situation.host.cgroup;
  if (options.cgroupManager === 'disabled' || mount === undefined) return undefined;
  if (options.cgroupManager === 'systemd') {
    const scope = startScope(situation, mount, options);
    return scope && { path: scope.path, scope };
  }
  return { path: underMount(situation, mount, situation.linux.cgroupsPath, options.id) };
}

/** Makes it, unless systemd does. One that was asked for, or that a limit needs, is there or the launch fails. */
export function createCgroup(situation: Situation, place: CgroupPlace | undefined): Step[] {
  if (place === undefined || place.scope !== undefined) return [];
  const { path } = place;
  const given = Boolean(situation.linux.cgroupsPath);
  const limited = mayLimitDevices(situation) && asksForDevices(situation);
  const optional = !limited && !given;
  const origin = given ? { pointer: '/linux/cgroupsPath' } : { because: 'default cgroup' };
  return [{ step: 'create-cgroup', path, optional, ...origin }];
}

/** As runc: absolute below the mount; relative below it for root, below the own cgroup otherwise. */
function underMount(
  { host }: Situation,
  mount: string,
  wanted: string | undefined,
  id: string,
): string {
  const root = host.privileged && !host.inUserNamespace;
  const base = root ? '/' : (host.cgroup.own ?? '/');
  const path = wanted || `sampan-${id}`;
  return mount + cleanPath(path.startsWith('/') ? path : `${base}/${cleanPath(path)}`);
}
