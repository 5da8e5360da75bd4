// Containers whose processes of `exec` tell what they see.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from './bundle.js';
import { detached } from './inside.js';
import { readProbe, type SectionName, type Seen } from './probe.js';
import { program } from './program.js';
import type { Rig } from './rig.js';

/** A container that sleeps until it is removed. */
export interface Entered {
  readonly id: string;
  readonly pid: number;
  /** What the probe sees of `sections` as a process of `exec` with these flags. */
  sees<Name extends SectionName>(sections: readonly Name[], flags?: string[]): Promise<Seen<Name>>;
  remove(): Promise<void>;
}

/** Runs the bundle, the probe in its root filesystem. */
export async function entered(rig: Rig, bundle: Bundle): Promise<Entered> {
  copyFileSync(program('probe'), join(bundle.rootfs, 'bin/probe'));
  const container = await detached(rig, bundle);
  return {
    ...container,
    sees: async (sections, flags = []) => {
      const line = ['exec', ...flags, container.id, '/bin/probe', ...sections];
      const { status, stdout, stderr } = await rig.command(line);
      if (status !== 0) throw new Error(`exec ended with ${status}: ${stderr}${stdout}`);
      return readProbe(stdout);
    },
  };
}
