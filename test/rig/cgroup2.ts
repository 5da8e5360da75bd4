// A machine whose only cgroup hierarchy is version 2, as a mount namespace shows it.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { execaSync } from 'execa';
import type { Identity } from './identity.js';

/** The shell's part: `sh -c SCRIPT sh COMMAND…` in a mount namespace of its own. */
const enter =
  'umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup || exit 125; exec "$@"';

/**
 * Words that go before a command to run it where /sys/fs/cgroup is a pure cgroup2. Needs root; an
 * identity's own prefix goes after these. The hierarchy itself is the host's.
 */
export const pureCgroup2: readonly string[] = ['unshare', '--mount', 'sh', '-c', enter, 'sh'];

/** Whether this process sees a pure cgroup2. */
export function seesPureCgroup2(): boolean {
  return existsSync('/sys/fs/cgroup/cgroup.controllers');
}

/**
 * For a program that runs many commands: runs it again in that view, if it is not in one and may make
 * it, and ends with its status. A view for each command would take longer than the command.
 */
export function pureCgroup2Only(): void {
  if (seesPureCgroup2() || cgroup2Controllers() === undefined) return;
  const [command = '', ...words] = [...pureCgroup2, process.execPath, ...process.argv.slice(1)];
  process.exit(spawnSync(command, words, { stdio: 'inherit' }).status ?? 1);
}

/** Whether this machine lets the tests make that view; the controllers that it would have. */
export function cgroup2Controllers(): readonly string[] | undefined {
  const [command, ...args] = [...pureCgroup2, 'cat', '/sys/fs/cgroup/cgroup.controllers'];
  const { exitCode, stdout } = execaSync(command ?? '', args, { reject: false });
  return exitCode === 0 ? stdout.split(' ').filter(Boolean) : undefined;
}

/** A cgroup that belongs to an identity, and the words that make a command run in it. */
export interface DelegatedCgroup {
  /** From the root of the hierarchy, with a leading slash. */
  readonly path: string;
  /** These come after `pureCgroup2` and before the identity's own prefix. */
  readonly prefix: readonly string[];
  remove(): void;
}

/** Makes a cgroup with all that cgroups(7) says about delegation. */
export function delegateCgroup(to: Identity): DelegatedCgroup {
  const path = `/sampan-delegated-${process.pid}-${Date.now()}`;
  const file = `/sys/fs/cgroup${path}`;
  const owned = ['.', 'cgroup.procs', 'cgroup.threads', 'cgroup.subtree_control'];
  // A process may only be in a leaf once controllers are enabled, so commands start in one.
  view(
    `mkdir -p ${file}/tests && cd ${file} && chown ${to.uid}:${to.gid} ${owned.join(' ')} tests`,
  );
  view(`cd ${file}/tests && chown ${to.uid}:${to.gid} ${owned.join(' ')}`);
  const join = `echo $$ > ${file}/tests/cgroup.procs || exit 125; exec "$@"`;
  const remove = () => view(`find ${file} -depth -type d -delete`);
  return { path, prefix: ['sh', '-c', join, 'sh'], remove };
}

/** Runs a shell script in the pure view. */
function view(script: string): void {
  const [command = '', ...args] = [...pureCgroup2, 'sh', '-ec', script];
  execaSync(command, args);
}
