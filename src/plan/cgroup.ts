// The container's cgroup: where it is (config-linux.md#control-groups).

import { asksForDevices, mayLimitDevices } from './limit-devices.js';
import { cleanPath } from './paths.js';
import type { LaunchOptions } from './plan.js';
import type { Situation } from './situation.js';
import type { Step } from './steps.js';

/** Absolute host path of the container's cgroup; undefined where it gets none. */
export function cgroupPath(situation: Situation, options: LaunchOptions): string | undefined {
  const { mount } = situation.host.cgroup;
  if (options.cgroupManager === 'disabled' || mount === undefined) return undefined;
  const wanted = situation.linux.cgroupsPath;
  if (options.cgroupManager !== 'systemd') return underMount(situation, mount, wanted, options.id);
  situation.notes.warn(
    '/linux/cgroupsPath',
    'the systemd cgroup driver is not there yet: the cgroup is made without asking systemd',
  );
  return underMount(situation, mount, scopePath(wanted, options.id), options.id);
}

/**
 * Makes it. One that was asked for, or that a limit needs, is there or the launch fails; systemd would have made its own.
 */
export function createCgroup(
  situation: Situation,
  path: string | undefined,
  { cgroupManager }: LaunchOptions,
): Step[] {
  if (path === undefined) return [];
  const given = Boolean(situation.linux.cgroupsPath);
  const limited = mayLimitDevices(situation) && asksForDevices(situation);
  const optional = !limited && (!given || cgroupManager === 'systemd');
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

/** `slice:prefix:name` as the path that systemd would give the scope. */
function scopePath(wanted: string | undefined, id: string): string {
  const [slice = '', prefix = '', name = ''] = (wanted || `:sampan:${id}`).split(':');
  const unit = prefix === '' ? name : `${prefix}-${name}`;
  return `/${slice || 'system.slice'}/${unit}.scope`;
}
