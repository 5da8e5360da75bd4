// The container's cgroup, and which limits are not applied (config-linux.md#control-groups).

import type { DeviceRule, Linux } from '../spec/types.js';
import { cleanPath } from './paths.js';
import type { LaunchOptions } from './plan.js';
import { mayMakeDevices } from './privileges.js';
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

/** Makes it, and notes the limits that have no effect. */
export function createCgroup(situation: Situation, path: string | undefined): Step[] {
  warnLimits(situation, path === undefined);
  if (path === undefined) return [];
  const origin = situation.linux.cgroupsPath
    ? { pointer: '/linux/cgroupsPath' }
    : { because: 'default cgroup' };
  return [{ step: 'create-cgroup', path, optional: true, ...origin }];
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

function warnLimits(situation: Situation, none: boolean): void {
  const { linux, notes } = situation;
  const reason = none ? 'this container has no cgroup of version 2' : 'not supported yet';
  for (const pointer of limitsOf(linux)) notes.warn(pointer, `limit not applied: ${reason}`);
  if (!canMakeDevices(situation)) return;
  notes.warn(
    '/linux/resources/devices',
    'limit not applied: with CAP_MKNOD the process can make and open every device of the host',
  );
}

/** What the device rules would be for: everyone else has only the nodes that are in /dev. */
function canMakeDevices(situation: Situation): boolean {
  const { bounding = [] } = situation.process.capabilities ?? {};
  return mayMakeDevices(situation) && bounding.includes('CAP_MKNOD');
}

/** Pointers to everything in `linux.resources` that limits something. */
function limitsOf({ resources = {} }: Linux): string[] {
  const { devices, ...groups } = resources;
  const pointers: string[] = [];
  if (devices?.some((rule) => !isDenyAll(rule))) pointers.push('/linux/resources/devices');
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

/** What every engine writes first, and all that `spec` writes: deny all. */
function isDenyAll({ allow, type, major, minor, access }: DeviceRule): boolean {
  const all = (type === undefined || type === 'a') && (major ?? -1) < 0 && (minor ?? -1) < 0;
  return !allow && all && (access === undefined || access === 'rwm');
}

/** RFC 6901. */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
