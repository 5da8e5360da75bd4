// buildah in a rig, with the runtime under test.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ran, RunOptions } from '../rig/execute.js';
import { otherRoot } from '../rig/other-root.js';
import type { Rig } from '../rig/rig.js';
import { busyboxRootfs } from '../rig/rootfs.js';
import type { Transcript } from './account.js';
import type { Caller } from './compare.js';
import { Podman, runtimeWithRoot, whyNot } from './podman.js';

export class Buildah {
  /** A busybox tree. */
  readonly tree: string;
  readonly runtime: string;
  private readonly settings: string;

  private constructor(
    readonly rig: Rig,
    private readonly transcript: Transcript,
  ) {
    this.tree = rig.directory('tree');
    this.runtime = runtimeWithRoot(rig);
    this.settings = join(rig.dir, 'containers.conf');
  }

  static async in(rig: Rig, transcript: Transcript): Promise<Buildah> {
    const buildah = new Buildah(rig, transcript);
    // Its own limits are above what a machine without CAP_SYS_RESOURCE lets it have.
    const limits = 'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]';
    writeFileSync(buildah.settings, `[containers]\n${limits}\n`, { mode: 0o644 });
    await busyboxRootfs(buildah.tree, rig.identity);
    return buildah;
  }

  /** `buildah ARG…`; `show` is what of its output is the same each time. */
  async command(
    args: readonly string[],
    options: RunOptions & { show?: (stdout: string) => string } = {},
  ): Promise<Ran> {
    const ran = await this.rig.execute(this.line(args), { timeout: 120_000, ...options });
    return this.transcript.note(args, ran, options.show);
  }

  /** A working container called `c` with the tree in it. */
  async from(): Promise<void> {
    await this.command(['from', '--name', 'c', 'scratch']);
    await this.command(['copy', '--quiet', 'c', this.tree, '/'], { show: () => '' });
  }

  /** `buildah run FLAG… c ARG…`. */
  run(flags: readonly string[], args: readonly string[], options?: RunOptions): Promise<Ran> {
    const common = ['run', '--runtime', this.runtime, '--isolation', 'oci', '--network', 'none'];
    return this.command([...common, ...flags, 'c', ...args], options);
  }

  /** `buildah bud` of a file in a context with the tree. */
  build(lines: readonly string[], flags: readonly string[] = []): Promise<Ran> {
    const file = join(this.rig.dir, 'Containerfile');
    writeFileSync(file, lines.join('\n'), { mode: 0o644 });
    const common = ['bud', '--runtime', this.runtime, '--isolation', 'oci', '--network', 'none'];
    const line = [...common, ...flags, '--file', file, this.rig.dir];
    return this.command(line, { show: () => '' });
  }

  async end(): Promise<void> {
    await this.rig.execute(this.line(['rm', '--all']));
    await Podman.endProcesses(this.rig);
  }

  private line(args: readonly string[]): string[] {
    const { dir } = this.rig;
    const places = ['--root', `${dir}/storage`, '--runroot', `${dir}/run`];
    const settings = ['env', `TMPDIR=${dir}`, `CONTAINERS_CONF=${this.settings}`];
    return [...settings, 'buildah', ...places, '--storage-driver', 'overlay', ...args];
  }
}

export const buildah: Caller<Buildah> = {
  name: 'buildah',
  lacking: whyNot('buildah'),
  rig: { cgroup2: true, root: otherRoot },
  open: Buildah.in,
  close: (client) => client.end(),
};
