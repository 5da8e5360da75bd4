// podman in a rig: its configuration, storage and runtime's state are all below the rig's directory.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeFor } from '../rig/executable.js';
import type { Ran, RunOptions } from '../rig/execute.js';
import type { Rig } from '../rig/rig.js';
import { busyboxRootfs } from '../rig/rootfs.js';
import { until } from '../rig/until.js';

/** Why podman cannot be tested here, or undefined. */
export function whyNoPodman(): string | undefined {
  const lacking = ['podman', 'conmon'].filter((name) => spawnSync(name, ['--version']).error);
  return lacking.length === 0 ? undefined : `${lacking.join(' and ')} not installed`;
}

/** podman with the runtime under test. */
export class Podman {
  /** A root filesystem for `--rootfs`: no image is needed. */
  readonly rootfs: string;
  private readonly configuration: string;

  private constructor(readonly rig: Rig) {
    this.rootfs = rig.directory('rootfs');
    this.configuration = join(rig.dir, 'containers.conf');
  }

  static async in(rig: Rig): Promise<Podman> {
    const podman = new Podman(rig);
    await busyboxRootfs(podman.rootfs, rig.identity);
    writeFileSync(podman.configuration, configurationFor(runtimeWithRoot(rig)));
    return podman;
  }

  /** `podman ARG…`. */
  command(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const env = { CONTAINERS_CONF: this.configuration, ...options.env };
    return this.rig.execute([...this.commandLine(), ...args], { ...options, env });
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

/** `--runtime-flag` would not do: what podman has conmon call to clean up does not get it. */
function runtimeWithRoot(rig: Rig): string {
  const path = join(rig.dir, 'sampan');
  const line = `exec ${runtimeFor(rig.identity)} --root ${rig.stateDirectory} "$@"`;
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
