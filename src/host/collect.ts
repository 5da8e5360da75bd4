// Gathers the facts that a plan depends on. Each is looked up when it is first asked for.

import * as fs from 'node:fs';
import { cgroupControllers, cgroupLayout } from './cgroup-layout.js';
import type { HostFacts } from './facts.js';
import { mappedIds, setgroupsAllowed } from './id-map.js';
import { account, findHelper, ownRanges, wantedGroup } from './id-ranges.js';
import { openFilesLimit } from './open-files.js';
import { resctrlMount } from './resctrl.js';
import { attempt } from './system-failure.js';
import { systemdFacts } from './systemd.js';

/**
 * What a root runtime needs over its own user namespace (capabilities(7)): CHOWN, DAC_OVERRIDE,
 * SETGID, SETUID, SYS_ADMIN.
 */
const NEEDED = [0, 1, 6, 7, 21];

/** CAP_CHECKPOINT_RESTORE, the newest (Linux 5.9). */
const CHECKPOINT_RESTORE = 40;

/** The facts about this machine and the caller. */
export function collectFacts(): HostFacts {
  const uid = process.geteuid?.() ?? 0;
  let text: string | undefined;
  const status = () => {
    text ??= ofProc('/proc/self/status');
    return text;
  };
  const held = () => effectiveCapabilities(status());
  let known: { own: ReturnType<typeof account> } | undefined;
  const own = () => {
    known ??= { own: account(uid) };
    return known.own;
  };
  const facts: HostFacts = lazily({
    uid,
    gid: process.getegid?.() ?? 0,
    privileged: () => uid === 0 && holds(held(), NEEDED),
    inUserNamespace,
    mappedIds,
    setgroups: () => !facts.inUserNamespace || setgroupsAllowed(),
    noNewPrivileges: () => status().includes('\nNoNewPrivs:\t1\n'),
    lastCapability,
    missingCapabilities: () => missing(held(), facts.lastCapability),
    openFiles: openFilesLimit,
    apparmor: () => readIfThere('/sys/module/apparmor/parameters/enabled').startsWith('Y'),
    // selinuxfs(5) is mounted wherever a policy is loaded.
    selinux: () => fs.existsSync('/sys/fs/selinux/enforce'),
    cgroup: cgroupLayout,
    cgroupControllers: () => cgroupControllers(facts.cgroup, uid === 0 && !facts.inUserNamespace),
    systemd: () => systemdFacts(facts.cgroup, facts.inUserNamespace),
    resctrl: resctrlMount,
    userName: () => own()?.name,
    loginGroup: () => wantedGroup(own()),
    subordinateIds: () => ownRanges(uid, facts.userName),
    idMapHelpers: helpers,
  });
  return facts;
}

/** Whether this process is in a user namespace that is not the initial one. */
export function inUserNamespace(): boolean {
  return !isInitialMap(ofProc('/proc/self/uid_map'));
}

/** The initial user namespace maps all 2^32-1 ids onto themselves (user_namespaces(7)). */
export function isInitialMap(map: string): boolean {
  return /^\s*0\s+0\s+4294967295\s*$/.test(map);
}

/** Whether every capability of `numbers` is in the set. */
export function holds(set: bigint, numbers: readonly number[]): boolean {
  for (const number of numbers) if (((set >> BigInt(number)) & 1n) === 0n) return false;
  return true;
}

/** A proc with subset=pid has no /proc/sys: then all that there were when this was written. */
function lastCapability(): number {
  return Number(readIfThere('/proc/sys/kernel/cap_last_cap') || CHECKPOINT_RESTORE);
}

/** What every process may read about itself. */
function ofProc(path: string): string {
  const known = { doing: 'look at this process', path, remedy: 'mount -t proc proc /proc' };
  return attempt(known, () => fs.readFileSync(path, 'latin1'));
}

function missing(held: bigint, last: number): number[] {
  const numbers: number[] = [];
  for (let number = 0; number <= last; number++) if (!holds(held, [number])) numbers.push(number);
  return numbers;
}

function effectiveCapabilities(status: string): bigint {
  const at = status.indexOf('\nCapEff:');
  return at < 0 ? 0n : BigInt(`0x${status.slice(at + 8, status.indexOf('\n', at + 8)).trim()}`);
}

function readIfThere(path: string): string {
  try {
    return fs.readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function helpers(): HostFacts['idMapHelpers'] {
  const uid = findHelper('newuidmap');
  const gid = findHelper('newgidmap');
  return { ...(uid ? { uid } : {}), ...(gid ? { gid } : {}) };
}

type Lazy<T> = { [K in keyof T]: T[K] | (() => T[K]) };

/** An object whose properties are worked out at the first look and kept. */
function lazily<T extends object>(makers: Lazy<T>): T {
  const made: Partial<T> = {};
  for (const name of Object.keys(makers) as (keyof T & string)[]) {
    const maker = makers[name];
    const get = () => (maker as () => T[typeof name])();
    if (typeof maker !== 'function') made[name] = maker as T[typeof name];
    else defineOnce(made, name, get);
  }
  return made as T;
}

function defineOnce<T>(target: T, name: keyof T, make: () => unknown): void {
  const get = () => {
    const value = make();
    Object.defineProperty(target, name, { value, enumerable: true });
    return value;
  };
  Object.defineProperty(target, name, { get, enumerable: true, configurable: true });
}
