// What is to be seen from inside a container, and containers that stay for a while.

import type { Bundle } from './bundle.js';
import type { RunOptions } from './execute.js';
import type { Rig } from './rig.js';

/** What a shell script prints in a container; throws unless it ends with 0. */
export async function printed(
  rig: Rig,
  bundle: Bundle,
  script: string,
  options: RunOptions & { flags?: string[] } = {},
): Promise<string> {
  const { status, stdout, stderr } = await rig.run(bundle.runs(script), options);
  if (status !== 0) throw new Error(`the container ended with ${status}:\n${stderr}${stdout}`);
  return stdout;
}

/** As `printed`, in lines. */
export async function lines(...args: Parameters<typeof printed>): Promise<string[]> {
  return (await printed(...args)).trimEnd().split('\n');
}

/** One line of mountinfo (proc_pid_mountinfo(5)). */
export interface MountLine {
  /** Path inside the file system that is mounted. */
  readonly root: string;
  readonly target: string;
  /** Of the mount: `ro`, `nosuid`. */
  readonly options: readonly string[];
  /** `shared:1`, `master:2`. */
  readonly propagation: readonly string[];
  readonly type: string;
  readonly source: string;
  /** Of the file system: `size=4k`. */
  readonly data: readonly string[];
}

/** Reads mountinfo. */
export function parseMounts(text: string): MountLine[] {
  return text.trimEnd().split('\n').map(parseMount);
}

function parseMount(line: string): MountLine {
  const [left = '', right = ''] = line.split(' - ');
  const [, , , root = '', target = '', options = '', ...propagation] = left.split(' ');
  const [type = '', source = '', data = ''] = right.split(' ');
  return {
    root,
    target,
    options: options.split(','),
    propagation,
    type,
    source,
    data: data.split(','),
  };
}

/** The mounts in a container, by target; of several on one target the last. */
export async function mountsIn(rig: Rig, bundle: Bundle): Promise<Map<string, MountLine>> {
  const mounts = parseMounts(await printed(rig, bundle, 'cat /proc/self/mountinfo'));
  return new Map(mounts.map((mount) => [mount.target, mount]));
}

/** A container that sleeps, or does what `script` says, until it is removed. */
export async function detached(
  rig: Rig,
  bundle: Bundle,
  script = 'exec sleep 1000',
  flags: readonly string[] = [],
): Promise<{ id: string; pid: number; remove(): Promise<void> }> {
  const { id, ran } = await detach(rig, bundle.runs(script), flags);
  if (ran.status !== 0) throw new Error(`run --detach: ${ran.stderr}`);
  const { pid = 0 } = await rig.state(id);
  return { id, pid, remove: () => remove(rig, id) };
}

async function detach(rig: Rig, bundle: Bundle, flags: readonly string[]) {
  const id = rig.newId();
  const ran = await rig.run(bundle, { id, flags: ['--detach', ...flags] });
  return { id, ran };
}

/** `delete --force`; throws unless it succeeds. */
export async function remove(rig: Rig, id: string): Promise<void> {
  const { status, stderr } = await rig.command(['delete', '--force', id]);
  if (status !== 0) throw new Error(`delete: ${stderr}`);
}
