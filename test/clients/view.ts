// A mount namespace for daemons and those who talk to them: cgroup v2 as the only hierarchy, an empty
// /run. Nothing of the machine's own daemons is to be found there, nor theirs disturbed.

import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ran, Running, RunOptions } from '../rig/execute.js';
import { root } from '../rig/identity.js';
import { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';

const enter = `
  mount --make-rprivate / && mount -t tmpfs none /run &&
  umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && mkdir "$1" &&
  mount --make-shared "$2" || exit 125
  exec sleep infinity`;

/** The namespace, held by a process that sleeps, with a rig and a cgroup for what is started there. */
export class View {
  private constructor(
    readonly rig: Rig,
    private readonly holder: Running,
    /** Of the containers, on cgroup v2. */
    readonly cgroup: string,
  ) {}

  static async make(): Promise<View> {
    const rig = new Rig(root());
    const cgroup = `/${rig.token}`;
    const words = ['sh', `/sys/fs/cgroup${cgroup}`, rig.dir];
    const line = ['unshare', '--mount', 'sh', '-c', enter, ...words];
    const holder = rig.launch(line, { timeout: 0 });
    const isReady = () => readFileSync(`/proc/${holder.pid}/comm`, 'utf8') === 'sleep\n';
    if (!(await until(isReady))) throw new Error('no mount namespace with cgroup v2');
    return new View(rig, holder, cgroup);
  }

  /** The words that make a command run there. */
  get prefix(): string[] {
    return ['nsenter', `--target=${this.holder.pid}`, '--mount', `--wd=${this.rig.dir}`, '--'];
  }

  /** A command that outlives a test. */
  launch(argv: readonly string[], options: RunOptions = {}): Running {
    return this.rig.launch([...this.prefix, ...argv], { timeout: 0, ...options });
  }

  execute(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.launch(argv, { timeout: 30_000, ...options }).ended;
  }

  /** Processes, mounts, cgroups and files of state, in words without ids and numbers. */
  present(): string[] {
    const proc = `/proc/${this.holder.pid}`;
    const found = this.rig.leftovers().map(({ kind, what }) => `${kind} ${what}`);
    const left = found.map((line) => line.replace('/sys/fs/cgroup/unified', '/sys/fs/cgroup'));
    const mounts = readFileSync(`${proc}/mountinfo`, 'utf8').split('\n').filter(Boolean);
    const points = mounts.map((line) => `mount ${line.split(' ')[4]}`);
    const run = join(proc, 'root/run');
    const files = below(run).map((path) => `file /run${path.slice(run.length)}`);
    return [...left, ...points, ...files]
      .map((line) => line.replaceAll(this.rig.dir, 'SHARED').replace(ids, 'ID'))
      .filter((line) => !late.test(line));
  }

  /** Throws unless what is there comes to be what was `before`, and `left`. */
  async settle(before: readonly string[], left: readonly string[] = []): Promise<void> {
    let more: string[] = [];
    const isSettled = () => {
      more = without(this.present(), [...before, ...left]);
      return more.length === 0;
    };
    // Callers tidy up after they have answered.
    if (!(await until(isSettled))) throw new Error(`left behind:\n  ${more.join('\n  ')}`);
  }

  /** Ends it, and what is left of what was started there. */
  async end(): Promise<void> {
    this.holder.signal('SIGKILL');
    await this.rig.dispose();
  }
}

const ids = /\b(?:[0-9a-f]{64}|\d{5,})\b/g;
/** Docker removes names of network namespaces once a minute, and a socket when it ends. */
const late = /^file .*\/(?:netns\/[0-9a-f]{12}|libnetwork\/[0-9a-f]{12}\.sock)$/;

/** `list` less each of `other` once. */
export function without(list: readonly string[], other: readonly string[]): string[] {
  const rest = [...other];
  return list.filter((item) => {
    const at = rest.indexOf(item);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

function below(folder: string): string[] {
  return entries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...below(path)] : [path];
  });
}

/** What goes away while it is looked at is not there. */
function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
