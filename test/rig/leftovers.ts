// What a container leaves behind, found by the rig's token, which is part of every path and id.

import { type Dirent, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Where the token was found, in words: `process 12: sleep 100`, `mount /tmp/x`, `cgroup …`, `file …`. */
export type Leftover =
  | { readonly kind: 'process'; readonly pid: number; readonly what: string }
  | { readonly kind: 'mount' | 'cgroup' | 'file'; readonly what: string };

/**
 * Everything on this machine that bears `token`, and every file below the state directory.
 * `since` is the `uptime()` at which the rig was made.
 */
export function findLeftovers(token: string, stateDirectory: string, since: number): Leftover[] {
  return [
    ...processes(token, since),
    ...mounts(token).map((what) => ({ kind: 'mount', what }) as const),
    ...cgroupsNamed([token]).map((what) => ({ kind: 'cgroup', what }) as const),
    ...files(token, stateDirectory).map((what) => ({ kind: 'file', what }) as const),
  ];
}

/** Seconds since the machine started. */
export function uptime(): number {
  return Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
}

/** Processes started since `since` that bear the token. */
function processes(token: string, since: number): Leftover[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => startedSince(pid, since) && bears(pid, token))
    .map((pid) => describe(pid));
}

/**
 * False for a zombie too: it has nothing any more, and its parent, if that is one of ours, is found
 * by itself. The age keeps the tests from ever taking one of the machine's processes for theirs.
 */
function startedSince(pid: string, since: number): boolean {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticksPerSecond = 100;
  return !'ZX'.includes(fields[0] ?? 'X') && Number(fields[19]) / ticksPerSecond >= since;
}

/** Whether the token is in its arguments, environment, cgroup, root, or the name of an open file. */
function bears(pid: string, token: string): boolean {
  const texts = ['cmdline', 'environ', 'cgroup'].map((name) =>
    attempt(() => readFileSync(`/proc/${pid}/${name}`, 'latin1')),
  );
  const fds = attemptList(`/proc/${pid}/fd`).map(({ name }) => `fd/${name}`);
  const links = ['cwd', 'root', ...fds].map((name) =>
    attempt(() => readlinkSync(`/proc/${pid}/${name}`)),
  );
  return [...texts, ...links, rootMount(pid)].some((text) => text.includes(token));
}

/** The line of mountinfo for `/`; other lines may be of mounts that a process has only inherited. */
function rootMount(pid: string): string {
  const lines = attempt(() => readFileSync(`/proc/${pid}/mountinfo`, 'latin1')).split('\n');
  return lines.find((line) => line.split(' ')[4] === '/') ?? '';
}

/** One that is ending has no arguments any more: its name and state stand for them (proc_pid_stat(5)). */
function describe(pid: string): Leftover {
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1')).replaceAll(
    '\0',
    ' ',
  );
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const what = command.trim() || /\(.*\) ./s.exec(stat)?.[0] || '';
  return { kind: 'process', pid: Number(pid), what };
}

/** What of /proc cannot be read belongs to a process that has ended. */
function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** Mount points on the host below the rig, innermost first. */
function mounts(token: string): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const points = lines.map((line) => line.split(' ')[4] ?? '');
  return points.filter((point) => point.includes(token)).reverse();
}

/** Directories in any cgroup hierarchy whose path has one of `words`, innermost first. */
export function cgroupsNamed(words: readonly string[]): string[] {
  return below('/sys/fs/cgroup', (entry) => entry.isDirectory())
    .filter((path) => words.some((word) => path.includes(word)))
    .reverse();
}

function files(token: string, stateDirectory: string): string[] {
  const shared = ['/run/sampan', '/run/runc', '/run/crun', '/dev/shm', '/run/lock', '/var/lock'];
  const named = shared.flatMap((folder) => below(folder)).filter((path) => path.includes(token));
  // crun's own, which stays for the containers to come.
  const lasting = [join(stateDirectory, '.cache'), join(stateDirectory, '.empty-directory')];
  const state = below(stateDirectory).filter(
    (path) => !lasting.some((one) => path.startsWith(one)),
  );
  return [...named, ...state];
}

function below(folder: string, keep: (entry: Dirent) => boolean = () => true): string[] {
  if (!existsSync(folder)) return [];
  const entries = attemptList(folder).filter(keep);
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...below(path, keep)] : [path];
  });
}

function attemptList(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
