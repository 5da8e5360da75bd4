// podman in a rig: its configuration, storage and runtime's state are all below the rig's directory.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { runtimeFor } from '../rig/executable.js';
import type { Ran, RunOptions } from '../rig/execute.js';
import { amRoot } from '../rig/identity.js';
import { cgroupsNamed } from '../rig/leftovers.js';
import { otherRoot } from '../rig/other-root.js';
import type { Rig } from '../rig/rig.js';
import { busyboxRootfs } from '../rig/rootfs.js';
import type { Size, Terminal } from '../rig/terminal.js';
import { until } from '../rig/until.js';
import type { Transcript } from './account.js';
import type { Caller } from './compare.js';

/** What of podman, and of the view of cgroups that it needs, is not there. */
export function whyNot(...programs: string[]): string | undefined {
  const lacking = programs.filter((name) => spawnSync(name, ['--version']).error);
  if (lacking.length > 0) return `${lacking.join(' and ')} not installed`;
  return amRoot && cgroup2Controllers() ? undefined : 'needs a mount namespace with a pure cgroup2';
}

export interface Options extends RunOptions {
  readonly show?: (stdout: string) => string;
}

/** podman with the rig's runtime. */
export class Podman {
  /** A root filesystem for `--rootfs`: no image is needed. */
  readonly rootfs: string;
  private readonly configuration: string;

  private constructor(
    readonly rig: Rig,
    readonly transcript: Transcript,
  ) {
    this.rootfs = rig.directory('rootfs');
    this.configuration = join(rig.dir, 'containers.conf');
  }

  static async in(rig: Rig, transcript: Transcript): Promise<Podman> {
    const podman = new Podman(rig, transcript);
    await busyboxRootfs(podman.rootfs, rig.identity);
    // Mount points: in a user namespace of its own the container may not make them here.
    for (const name of ['etc/hosts', 'etc/hostname', 'etc/resolv.conf', 'run/.containerenv']) {
      writeFileSync(join(podman.rootfs, name), '');
    }
    mkdirSync(join(podman.rootfs, 'mnt'));
    writeFileSync(podman.configuration, configurationFor(runtimeWithRoot(rig)));
    return podman;
  }

  /** `podman ARG…`; `show` is what of its output is the same each time. */
  async command(args: readonly string[], options: Options = {}): Promise<Ran> {
    const ran = await this.rig.execute(this.line(args), { timeout: 120_000, ...options });
    return this.transcript.note(args, ran, options.show);
  }

  /** The same without being compared: for what is asked again until it is so. */
  ask(...args: string[]): Promise<Ran> {
    return this.rig.execute(this.line(args));
  }

  /** `podman -it run …` and others in a real terminal. */
  terminal(args: readonly string[], size?: Size): Promise<Terminal> {
    return this.rig.openTerminal(this.line(args), size);
  }

  /** `podman run --rm --network none FLAG… --rootfs ROOTFS ARG…`. */
  run(flags: readonly string[], args: readonly string[], options?: Options): Promise<Ran> {
    const common = ['run', '--rm', '--network', 'none'];
    return this.command([...common, ...flags, '--rootfs', this.rootfs, ...args], options);
  }

  /** Starts a container called `name` that stays. */
  async detach(name: string, flags: readonly string[], args: readonly string[]): Promise<void> {
    const common = ['run', '--detach', '--name', name, '--network', 'none'];
    const line = [...common, ...flags, '--rootfs', this.rootfs, ...args];
    const { status, stderr } = await this.command(line);
    if (status !== 0) throw new Error(`podman run --detach: ${stderr}`);
  }

  /** Removes all containers and what podman itself leaves to run. */
  async end(): Promise<void> {
    await this.command(['rm', '--all', '--force', '--time', '0']);
    await this.command(['pod', 'rm', '--all', '--force', '--time', '0']);
    await Podman.endProcesses(this.rig);
    const cgroups = cgroupsNamed(containersOf(this.rig));
    if (cgroups.length > 0) throw new Error(`left behind:\n${cgroups.join('\n')}`);
  }

  /** Ends what podman itself leaves to run, and waits for what is about to end. */
  static async endProcesses(rig: Rig): Promise<void> {
    const pause = join(rig.runtimeDirectory, 'libpod', 'tmp', 'pause.pid');
    for (const file of [pause, join(rig.dir, 'tmp', 'pause.pid')]) {
      if (existsSync(file)) execFileSync('kill', ['-9', readFileSync(file, 'utf8')]);
    }
    // conmon ends after the command that it calls to clean up.
    await until(() => !rig.leftovers().some(({ kind }) => kind === 'process'));
  }

  /** All that it writes is below the rig's directory. */
  places(): string[] {
    const { dir } = this.rig;
    const folders = [
      '--root',
      `${dir}/storage`,
      '--runroot',
      `${dir}/run`,
      '--tmpdir',
      `${dir}/tmp`,
    ];
    return [...folders, '--storage-driver', 'overlay'];
  }

  private line(args: readonly string[]): string[] {
    const settings = ['env', `CONTAINERS_CONF=${this.configuration}`];
    return [...settings, 'podman', ...this.places(), '--runtime', 'sampan', ...args];
  }
}

export const podman: Caller<Podman> = {
  name: 'podman',
  lacking: whyNot('podman', 'conmon'),
  rig: { cgroup2: true, root: otherRoot },
  open: Podman.in,
  close: (client) => client.end(),
};

/** The ids of all containers that the runtime has been called for: the names of their cgroups. */
function containersOf(rig: Rig): string[] {
  const calls = join(rig.dir, 'calls');
  if (!existsSync(calls)) return [];
  return readFileSync(calls, 'utf8').match(/\b[0-9a-f]{64}\b/g) ?? [];
}

/** `--runtime-flag` would not do: what podman has conmon call to clean up does not get it. */
export function runtimeWithRoot(rig: Rig): string {
  const path = join(rig.dir, 'sampan');
  const calls = `echo "$@" >> ${rig.dir}/calls`;
  const options = [...rig.runtime.options, '--root', rig.stateDirectory].join(' ');
  const line = `exec ${runtimeFor(rig.identity, rig.runtime)} ${options} "$@"`;
  writeFileSync(path, `#!/bin/sh\n${calls}\n${line}\n`, { mode: 0o755 });
  return path;
}

/** podman knows runtimes by name: one that it does not know is asked for less. */
function configurationFor(executable: string): string {
  return `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
pids_limit = 0
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime_supports_json = ["sampan"]
runtime_supports_nocgroup = ["sampan"]
[engine.runtimes]
sampan = ["${executable}"]
`;
}
