// podman in a rig: its configuration, storage and runtime's state are all below the rig's directory.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { runtimeFor } from '../rig/executable.js';
import type { Ran, RunOptions } from '../rig/execute.js';
import { amRoot } from '../rig/identity.js';
import type { Rig } from '../rig/rig.js';
import { busyboxRootfs } from '../rig/rootfs.js';
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
    private readonly transcript: Transcript,
  ) {
    this.rootfs = rig.directory('rootfs');
    this.configuration = join(rig.dir, 'containers.conf');
  }

  static async in(rig: Rig, transcript: Transcript): Promise<Podman> {
    const podman = new Podman(rig, transcript);
    await busyboxRootfs(podman.rootfs, rig.identity);
    writeFileSync(podman.configuration, configurationFor(runtimeWithRoot(rig)));
    return podman;
  }

  /** `podman ARG…`; `show` is what of its output is the same each time. */
  async command(args: readonly string[], options: Options = {}): Promise<Ran> {
    const { show, ...others } = options;
    const env = { CONTAINERS_CONF: this.configuration, ...options.env };
    const ran = await this.rig.execute([...this.commandLine(), ...args], { ...others, env });
    return this.transcript.note(args, ran, show);
  }

  /** `podman run --rm --network none FLAG… --rootfs ROOTFS ARG…`. */
  run(flags: readonly string[], args: readonly string[]): Promise<Ran> {
    const common = ['run', '--rm', '--network', 'none'];
    return this.command([...common, ...flags, '--rootfs', this.rootfs, ...args]);
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
    const pause = join(this.rig.runtimeDirectory, 'libpod', 'tmp', 'pause.pid');
    for (const file of [pause, join(this.rig.dir, 'tmp', 'pause.pid')]) {
      if (existsSync(file)) execFileSync('kill', ['-9', readFileSync(file, 'utf8')]);
    }
    // conmon ends after the command that it calls to clean up.
    await until(() => !this.rig.leftovers().some(({ kind }) => kind === 'process'));
  }

  private commandLine(): string[] {
    const { dir } = this.rig;
    const places = [
      '--root',
      `${dir}/storage`,
      '--runroot',
      `${dir}/run`,
      '--tmpdir',
      `${dir}/tmp`,
    ];
    return ['podman', ...places, '--storage-driver', 'vfs', '--runtime', 'sampan'];
  }
}

export const podman: Caller<Podman> = {
  name: 'podman',
  lacking: whyNot('podman', 'conmon'),
  rig: { cgroup2: true },
  open: Podman.in,
  close: (client) => client.end(),
};

/** `--runtime-flag` would not do: what podman has conmon call to clean up does not get it. */
function runtimeWithRoot(rig: Rig): string {
  const path = join(rig.dir, 'sampan');
  const options = [...rig.runtime.options, '--root', rig.stateDirectory].join(' ');
  const line = `exec ${runtimeFor(rig.identity, rig.runtime)} ${options} "$@"`;
  writeFileSync(path, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
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
