// This runtime in a container of podman: what `spec` writes there runs there.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { runtimeFor, sampan } from '../rig/executable.js';
import { compared } from './compare.js';
import { podman as caller, type Podman } from './podman.js';

/** A bundle that containers see as /inner. */
async function innerBundle({ rig, rootfs }: Podman): Promise<Bundle> {
  const bundle = await rig.bundle(undefined, [runtimeFor(rig.identity, sampan)]);
  await rig.execute(['rm', bundle.configPath]);
  await rig.execute(['chmod', '-R', 'a+rwX', bundle.path]);
  for (const name of ['lib', 'lib64']) symlinkSync(`usr/${name}`, join(rootfs, name));
  mkdirSync(join(rootfs, 'inner'));
  return bundle;
}

/** Writes a configuration in one container and runs it in another, both with the same `flags`. */
async function nested(podman: Podman, flags: readonly string[], spec: string, script: string) {
  const bundle = await innerBundle(podman);
  const volumes = [`${bundle.path}:/inner`, '/usr:/usr:ro'];
  volumes.push(`${runtimeFor(podman.rig.identity, sampan)}:/bin/sampan:ro`);
  const all = [...volumes.flatMap((volume) => ['--volume', volume]), ...flags];
  const inside = (command: string) => {
    const line = `umask 0; cd /inner; exec sampan --root /inner/state ${command}`;
    return podman.run(all, ['sh', '-c', line]);
  };
  const written = await inside(spec);
  if (written.status !== 0) throw new Error(written.stderr);
  bundle.edit(({ process }) => {
    process.terminal = false;
  });
  return inside(`run --bundle /inner ${bundle.runs(script) && 'x'}`);
}

compared(caller, 'with this runtime in its container', (promise) => {
  const settings = [
    ['as it is', [], true],
    ['as another user', ['--user', '1000:1000'], false],
    ['with unmasked /proc', ['--security-opt', 'unmask=ALL'], false],
    ['privileged', ['--privileged'], false],
  ] as const;
  for (const [title, flags, telling] of settings) {
    for (const spec of ['spec', 'spec --rootless']) {
      promise(
        `${title}: ${spec}`,
        async (podman) => {
          const { status, stdout, stderr } = await nested(podman, flags, spec, 'id -u; echo $$');
          expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '0\n1\n', stderr: '' });
        },
        { telling },
      );
    }
  }
});
