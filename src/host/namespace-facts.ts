// What decides whether the kernel gives this caller new namespaces (namespaces(7), user_namespaces(7)).

import * as fs from 'node:fs';
import { idOutside } from './id-map.js';

/** Facts about the caller's place; sysctls are those of its user namespace. */
export interface NamespaceFacts {
  /** Those the kernel was built with, as /proc/self/ns calls them. */
  readonly kinds: readonly string[];
  /** user.max_KIND_namespaces, by KIND. */
  readonly limits: Readonly<Record<string, number>>;
  /** kernel.unprivileged_userns_clone=0, a switch of Debian's and others' kernels. */
  readonly switchedOff: boolean;
  /** kernel.apparmor_restrict_unprivileged_userns=1, the default of Ubuntu. */
  readonly apparmorRestricts: boolean;
  /** Whether no mount is at the root: a chroot(2), in which none may be made. */
  readonly chroot: boolean;
  /** Whether it is root that may not map itself, for want of CAP_SETFCAP (user_namespaces(7)). */
  readonly unmappableRoot: boolean;
  /** Whether a seccomp filter is around the caller. */
  readonly filtered: boolean;
  /** Whether its ids have numbers in its own user namespace. */
  readonly mapped: boolean;
}

/** Reads them; a dozen small files, so only where something was refused or is asked for. */
export function namespaceFacts(): NamespaceFacts {
  return {
    kinds: namesIn('/proc/self/ns'),
    limits: limits(),
    switchedOff: read('/proc/sys/kernel/unprivileged_userns_clone').trim() === '0',
    apparmorRestricts:
      read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim() === '1',
    chroot: isChroot(read('/proc/self/mountinfo')),
    unmappableRoot: process.geteuid?.() === 0 && !holdsSetfcap(read('/proc/self/status')),
    filtered: isFiltered(),
    mapped:
      idOutside(process.geteuid?.() ?? 0, read('/proc/self/uid_map')) !== undefined &&
      idOutside(process.getegid?.() ?? 0, read('/proc/self/gid_map')) !== undefined,
  };
}

/** Whether a seccomp filter is around this process (proc_pid_status(5)). */
export function isFiltered(): boolean {
  return /^Seccomp:\s*2$/m.test(read('/proc/self/status'));
}

/** Bit 31 of the effective set (capabilities(7)). */
function holdsSetfcap(status: string): boolean {
  return /^CapEff:\t[\da-f]{8}[89a-f]/m.test(status);
}

/** Mounts outside a chroot's directory are not shown (proc_pid_mountinfo(5)). */
export function isChroot(mountinfo: string): boolean {
  return mountinfo !== '' && !/^(?:\S+ ){4}\/ /m.test(mountinfo);
}

function limits(): NamespaceFacts['limits'] {
  const folder = '/proc/sys/user';
  const names = namesIn(folder).flatMap((file) => /^max_(\w+)_namespaces$/.exec(file)?.[1] ?? []);
  return Object.fromEntries(
    names.map((name) => [name, Number(read(`${folder}/max_${name}_namespaces`))]),
  );
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
