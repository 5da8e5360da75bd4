// What a container can do, as lines, each with the place in config.json that grants it.

import { idOutside, parseIdMap } from '../../host/id-map.js';
import type { ProcessFacts } from './facts.js';
import { uncovered } from './mountinfo.js';
import { allowedCalls } from './seccomp.js';
import type { View } from './view.js';
import { devicePointer, isUsable } from './warnings/devices.js';

/** One line. */
export interface Grant {
  readonly group: string;
  readonly name: string;
  readonly value: string;
  readonly pointer?: string;
}

type Line = Omit<Grant, 'group'>;

/** All of them, group by group. */
export function grantsOf(view: View): Grant[] {
  const groups: Readonly<Record<string, Line[]>> = {
    process: processLines(view),
    capabilities: capabilityLines(view),
    'system calls': seccompLines(view),
    namespaces: namespaceLines(view),
    'writable mounts': mountLines(view),
    devices: deviceLines(view),
  };
  return Object.entries(groups).flatMap(([group, lines]) =>
    lines.map((line) => ({ group, ...line })),
  );
}

function line(name: string, value: string, pointer?: string): Line {
  return { name, value, ...(pointer === undefined ? {} : { pointer }) };
}

function processLines({ facts }: View): Line[] {
  const [first] = facts.processes;
  const { apparmorProfile, selinuxLabel } = facts.config.process ?? {};
  const place = apparmorProfile ? 'apparmorProfile' : 'selinuxLabel';
  const label = apparmorProfile || selinuxLabel ? `/process/${place}` : undefined;
  const { linux } = facts.config;
  const mapped = (name: 'uidMappings' | 'gidMappings') =>
    linux?.[name] === undefined ? undefined : `/linux/${name}`;
  const off = facts.processes.filter(({ noNewPrivileges }) => !noNewPrivileges);
  return [
    line('pid', pids(facts.processes)),
    line('user', idText(first.uids[1], facts.uidMap), '/process/user/uid'),
    line('group', idText(first.gids[1], facts.gidMap), '/process/user/gid'),
    line('groups', first.groups.map((id) => idText(id, facts.gidMap)).join(', ') || 'none'),
    line('uid map', mapText(facts.uidMap), mapped('uidMappings')),
    line('gid map', mapText(facts.gidMap), mapped('gidMappings')),
    line('no_new_privs', off.length === 0 ? 'on' : offText(off, facts.processes.length), NEW),
    line('label', facts.label || 'none', label),
  ];
}

const NEW = '/process/noNewPrivileges';

function pids(processes: readonly ProcessFacts[]): string {
  const [first, ...others] = processes.map(({ pid }) => pid);
  return others.length === 0 ? `${first}` : `${first}, and ${others.length} more`;
}

function offText(off: readonly ProcessFacts[], all: number): string {
  return off.length === all ? 'off' : `off for ${off.map(({ pid }) => pid).join(', ')}`;
}

/** An id as the auditor sees it, by its name inside. */
function idText(id: number | undefined, map: string): string {
  if (id === undefined) return 'unknown';
  const found = parseIdMap(map).find(({ outside, count }) => id >= outside && id < outside + count);
  const inside = found === undefined ? id : found.inside + id - found.outside;
  return idOutside(inside, map) === inside || inside === id ? `${id}` : `${inside} (outside ${id})`;
}

function mapText(map: string): string {
  const lines = parseIdMap(map);
  if (lines.some(({ inside, outside, count }) => inside === outside && count === 2 ** 32 - 1))
    return 'all as on the host';
  return lines
    .map(({ inside, outside, count }) => `${range(inside, count)} are ${range(outside, count)}`)
    .join(', ');
}

function range(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`;
}

function capabilityLines(view: View): Line[] {
  const over = view.hostUser ? 'over the host' : 'in its user namespace';
  const all = [...view.reachable].map((name) => {
    const how = view.held.has(name) ? 'held' : 'to be had by set-user-ID programs';
    return line(name, `${how}, ${over}`, view.capabilityPointer(name));
  });
  return all.length === 0 ? [line('none', 'no process has any, nor can get one')] : all;
}

function seccompLines({ facts }: View): Line[] {
  const profile = facts.config.linux?.seccomp;
  const modes = facts.processes.map(({ seccomp }) => seccomp);
  const pointer = profile === undefined ? undefined : '/linux/seccomp';
  const mode = modes.includes(null) ? 'unknown' : modes.includes(0) ? 'none' : 'in force';
  const filter = line('filter', mode, pointer);
  if (profile === undefined || modes.includes(0)) return [filter];
  const { others, allowed, conditional, refused } = allowedCalls(profile);
  const listed = (name: string, calls: readonly string[]) =>
    calls.length === 0
      ? []
      : [line(name, `${calls.length}: ${calls.join(' ')}`, '/linux/seccomp/syscalls')];
  return [
    filter,
    line('others', others, '/linux/seccomp/defaultAction'),
    ...listed('allowed', allowed),
    ...listed('by argument', conditional),
    ...listed('refused', refused),
  ];
}

function namespaceLines(view: View): Line[] {
  return Object.keys(view.facts.namespaces).map((kind) => {
    const shares = view.shares(kind);
    const value = shares === null ? 'unknown' : shares ? "the host's" : 'own';
    return line(kind, value, view.namespacePointer(kind));
  });
}

function mountLines(view: View): Line[] {
  const { mounts, devices } = view.facts;
  const nodes = devices.map(({ path }) => path);
  const writable = uncovered(mounts).filter(
    ({ writable, target }) => writable && !nodes.includes(target),
  );
  const lines = writable.map((mount) => {
    const from = OF_HOST.includes(mount.type) ? undefined : view.hostPath(mount);
    const value = from === undefined ? mount.type : `${mount.type}, ${from} of the host`;
    return line(mount.target, value, view.mountPointer(mount));
  });
  return lines.length === 0 ? [line('none', 'nothing can be written')] : lines;
}

/** Their place on the host says nothing. */
const OF_HOST = ['proc', 'sysfs', 'cgroup', 'cgroup2', 'devpts', 'mqueue'];

function deviceLines(view: View): Line[] {
  const masked = view.facts.config.linux?.maskedPaths ?? [];
  const devices = view.facts.devices.filter(({ path }) => !masked.includes(path));
  devices.sort((a, b) => (a.path < b.path ? -1 : 1));
  return devices.map((device) => {
    const { path, type, major, minor } = device;
    const usable = isUsable(view, device) ? '' : ', denied';
    return line(path, `${type} ${major}:${minor}${usable}`, devicePointer(view, device));
  });
}
