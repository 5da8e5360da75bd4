// The container's cgroup, and which limits are not applied (config-linux.md#control-groups).

import type { Linux } from '../spec/types.js';
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
 * Makes it, and notes the limits that have no effect. One that was asked for, or that a limit needs,
 * is there or the launch fails; systemd would have made its own.
 */
export function createCgroup(
  situation: Situation,
  path: string | undefined,
  { cgroupManager }: LaunchOptions,
): Step[] {
  warnLimits(situation, path === undefined);
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

function warnLimits({ linux, notes }: Situation, none: boolean): void {
  const reason = none ? 'this container has no cgroup of version 2' : 'not supported yet';
  for (const pointer of limitsOf(linux)) notes.warn(pointer, `limit not applied: ${reason}`);
}

/** Pointers to everything in `linux.resources` that limits something. */
function limitsOf({ resources = {} }: Linux): string[] {
  const { devices: _, ...groups } = resources;
  const pointers: string[] = [];
  for (const [group, limits] of Object.entries(groups)) {
    for (const [name, limit] of Object.entries(limits ?? {})) {
      const isLimit = group === 'pids' ? limit !== -1 : isSet(limit);
      if (isLimit) pointers.push(`/linux/resources/${group}/${escapePointer(name)}`);
    }
  }
  return pointers;
}

/** Engines write 0 for what they leave to the kernel; -1 is unlimited, which it is anyway. */
function isSet(limit: unknown): boolean {
  if (!limit || limit === -1) return false;
  return typeof limit !== 'object' || Object.keys(limit).length > 0;
}

/** RFC 6901. */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
