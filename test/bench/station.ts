// A runtime at work: its rig, its bundles, and a container of each that stays.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeFor } from '../rig/executable.js';
import { type Identity, root } from '../rig/identity.js';
import { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { type BundleName, makeBundle } from './bundles.js';
import { measure, type Sample } from './measure.js';
import { type Peer, peerNames, versionOf } from './peers.js';

/** Paths of two bundles that differ in the program, and the id of a container that runs. */
export interface Work {
  /** Runs `true`. */
  readonly brief: string;
  /** Runs `sleep`. */
  readonly lasting: string;
  readonly resident?: string;
}

export interface Station {
  readonly rig: Rig;
  readonly peer: Peer;
  /** Name and version. */
  readonly title: string;
  /** Words before each command. */
  readonly under: readonly string[];
  readonly work: Readonly<Partial<Record<BundleName, Work>>>;
  /** Why the runtime cannot run anything, as a whole or with one of the bundles. */
  readonly broken: Readonly<Partial<Record<BundleName, string>>>;
}

/** A station in a rig of its own, which the caller disposes of. */
export async function station(
  peer: Peer,
  identity: Identity,
  bundles: readonly BundleName[],
): Promise<Station> {
  // A tree is entered in the mount namespace that the view of cgroups comes with.
  const rig = new Rig(identity, peer.tree ? { root: peer.tree, cgroup2: true } : {});
  const asRoot = identity.uid === root().uid;
  const under = asRoot ? [rig.program('lift-memlock')] : [];
  const reachable = peer.name === peerNames[0] ? { ...peer, path: runtimeFor(identity) } : peer;
  const title = await versionOf(reachable, rig);
  let current: Station = { rig, peer: reachable, title, under, work: {}, broken: {} };
  for (const name of bundles) current = await withBundle(current, name);
  return current;
}

async function withBundle(before: Station, name: BundleName): Promise<Station> {
  const { rig, peer, work, broken } = before;
  if (peer.kind === 'sandbox' && name !== 'default') return before;
  const make = async (args: string[]) => {
    // bubblewrap gets the root filesystem of one.
    const spec = peer.kind === 'oci' ? [peer.path] : [runtimeFor(rig.identity)];
    return (await makeBundle(rig, name, spec, args)).path;
  };
  const paths = { brief: await make(['/bin/true']), lasting: await make(['/bin/sleep', '1000']) };
  const settled = await settle(before, paths.brief);
  if (typeof settled === 'string') return { ...before, broken: { ...broken, [name]: settled } };
  const next = { ...before, peer: settled };
  if (settled.kind === 'sandbox') return { ...next, work: { ...work, [name]: paths } };
  const resident = await startContainer(next, paths.lasting);
  return { ...next, work: { ...work, [name]: { ...paths, resident } } };
}

/** The peer with the options that let it run `bundle` here, or why it does not run at all. */
async function settle({ rig, peer, under }: Station, bundle: string): Promise<Peer | string> {
  if (peer.kind === 'sandbox') return peer;
  let reason = '';
  // crun as root has to load a program for devices, unless it makes no cgroup at all.
  for (const options of peer.family === 'crun' ? [[], ['--cgroup-manager=disabled']] : [[]]) {
    const settled = { ...peer, options };
    const argv = [...commandLine(settled, rig), 'run', '--bundle', bundle, rig.newId()];
    const { status, stderr } = await rig.execute([...under, ...argv]);
    if (status === 0) return settled;
    reason = stderr.trim().split('\n').at(-1) ?? `exit status ${status}`;
  }
  return reason;
}

/** The words before the verb. */
export function commandLine(peer: Peer, rig: Rig): string[] {
  if (peer.kind === 'sandbox') throw new Error(`${peer.name} only runs commands`);
  return [peer.path, ...peer.options, '--root', `${rig.stateDirectory}-${peer.name}`];
}

/** Measures one command of the runtime. */
export function timed(station: Station, words: readonly string[]): Promise<Sample> {
  const { rig, peer, under } = station;
  return measure(rig, [...commandLine(peer, rig), ...words], { under });
}

/** A container that was created; both samples of a measurement, and its pid. */
export async function created(station: Station, bundle: string) {
  const { rig } = station;
  const [id, pidFile] = [rig.newId(), join(rig.runtimeDirectory, 'pid')];
  rmSync(pidFile, { force: true });
  const flags = ['--bundle', bundle, '--pid-file', pidFile];
  const sample = await timed(station, ['create', ...flags, id]);
  return { id, sample, pid: Number(readFileSync(pidFile, 'utf8')) };
}

/** Starts a container that stays; its id. */
export async function startContainer(station: Station, bundle: string): Promise<string> {
  const { id } = await created(station, bundle);
  await timed(station, ['start', id]);
  return id;
}

/** Waits for the end of a process. A zombie counts as ended; who made it may be slow to wait for it. */
export async function hasEnded(pid: number): Promise<void> {
  const gone = () => !existsSync(`/proc/${pid}`) || stateOf(pid) === 'Z';
  if (!(await until(gone, 10_000))) throw new Error('the container does not end');
}

function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).at(0);
  } catch {
    return 'Z';
  }
}
