// sampan in a container of sampan: an outer container with the program, and a bundle that it sees too.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, BundleConfig } from './bundle.js';
import { runtimeFor } from './executable.js';
import type { Ran } from './execute.js';
import type { Rig } from './rig.js';

/** What podman gives to root of a container. */
export const PODMANS_CAPABILITIES = [
  ...['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_KILL'],
  ...['CAP_NET_BIND_SERVICE', 'CAP_SETFCAP', 'CAP_SETGID', 'CAP_SETPCAP', 'CAP_SETUID'],
  'CAP_SYS_CHROOT',
];

/** Gives the process these in all sets that count. */
export function capabilities(names: readonly string[]): (config: BundleConfig) => void {
  return ({ process }) => {
    process.capabilities = { bounding: [...names], effective: [...names], permitted: [...names] };
  };
}

/** /proc as the kernel shows it. */
export function unmasked({ linux }: BundleConfig): void {
  linux.maskedPaths = [];
  linux.readonlyPaths = [];
}

/** An outer container and the bundle in it, /inner. */
export class Outer {
  private constructor(
    private readonly rig: Rig,
    private readonly outer: Bundle,
    /** The bundle, as this side sees it; its config.json is written by `spec`. */
    readonly inner: Bundle,
  ) {}

  /** `change` makes of the default configuration that of the outer container. */
  static async make(rig: Rig, change: (config: BundleConfig) => void): Promise<Outer> {
    const [outer, inner] = [await rig.bundle(), await rig.bundle()];
    await rig.execute(['chmod', '-R', 'a+rwX', inner.path]);
    withLibraries(outer.rootfs);
    outer.edit((config) => {
      config.mounts.push(
        { destination: '/inner', type: 'bind', source: inner.path, options: ['rbind'] },
        {
          destination: '/bin/sampan',
          type: 'bind',
          source: runtimeFor(rig.identity),
          options: ['bind'],
        },
        { destination: '/usr', type: 'bind', source: '/usr', options: ['rbind', 'ro'] },
      );
      change(config);
    });
    return new Outer(rig, outer, inner);
  }

  /** `sampan --root /inner/state …` in the outer container. */
  sampan(...args: string[]): Promise<Ran> {
    const line = ['sampan', '--root', '/inner/state', ...args];
    return this.rig.run(
      this.outer.runs(['sh', '-c', 'umask 0; cd /inner; exec "$@"', 'sh', ...line]),
    );
  }

  /** Writes a new config.json with `spec` there, changes it, and runs it. */
  async run(flags: readonly string[], change: (config: BundleConfig) => void): Promise<Ran> {
    await this.rig.execute(['rm', '-f', this.inner.configPath]);
    const { status, stderr } = await this.sampan('spec', ...flags);
    if (status !== 0) throw new Error(`spec: ${stderr}`);
    this.inner.edit((config) => {
      config.process.terminal = false;
      change(config);
    });
    return this.sampan('run', 'inner');
  }
}

/** For a program that is not static, that of the host is mounted on /usr. */
function withLibraries(rootfs: string): void {
  for (const name of ['lib', 'lib64']) symlinkSync(`usr/${name}`, join(rootfs, name));
  mkdirSync(join(rootfs, 'inner'));
}
