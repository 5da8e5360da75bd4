// Bundles with hooks, and where hooks write down that they ran.

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hook, Hooks } from '../../src/spec/config/hooks.js';
import type { Bundle } from './bundle.js';
import type { Rig } from './rig.js';

const PATH = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

/** A hook that is a shell script of the host's, or, of startContainer, of the image's. */
export const shell = (body: string, more: Partial<Hook> = {}): Hook => ({
  ...{ path: '/bin/sh', args: ['sh', '-c', body], env: [PATH] },
  ...more,
});

/** A bundle with hooks and a root that can be written to. */
export async function withHooks(rig: Rig, hooks: Hooks, program = 'true'): Promise<Bundle> {
  const bundle = (await rig.bundle()).runs(program);
  return bundle.edit((config) => {
    config.hooks = hooks;
    config.root.readonly = false;
  });
}

/** A file that hooks write to, and its lines; one of startContainer sees the root only. */
export function notebook(rig: Rig, bundle: { rootfs: string }) {
  const path = join(rig.dir, 'notes');
  writeFileSync(path, '');
  // Whatever the umask is.
  chmodSync(path, 0o666);
  const inside = join(bundle.rootfs, 'tmp/notes');
  return {
    path,
    lines: () => readFileSync(path, 'utf8').split('\n').filter(Boolean),
    inside: () =>
      existsSync(inside) ? readFileSync(inside, 'utf8').split('\n').filter(Boolean) : [],
  };
}
