// `sampan check` in a container of podman, where what `spec` writes runs (podman-nested.test.ts).

import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { CheckDocument } from '../rig/check.js';
import { runtimeFor, sampan } from '../rig/executable.js';
import { compared } from './compare.js';
import { podman as caller } from './podman.js';

compared(caller, 'check in its container', (promise) => {
  const settings = {
    'as it is': [],
    'as another user': ['--user', '1000:1000'],
    'with unmasked /proc': ['--security-opt', 'unmask=ALL'],
    privileged: ['--privileged'],
  };
  for (const [title, flags] of Object.entries(settings)) {
    promise(
      title,
      async (podman) => {
        const { rig, rootfs } = podman;
        for (const name of ['lib', 'lib64']) symlinkSync(`usr/${name}`, join(rootfs, name));
        const volumes = ['/usr:/usr:ro', `${runtimeFor(rig.identity, sampan)}:/bin/sampan:ro`];
        const { status, stdout } = await podman.run(
          [...volumes.flatMap((volume) => ['--volume', volume]), ...flags],
          ['sampan', '--root', '/dev/shm/state', 'check', '--format', 'json'],
        );
        const { runs, findings, facts }: CheckDocument = JSON.parse(stdout);
        const obstacles = findings.filter(({ needed, verdict }) => needed && verdict === 'missing');
        // Another user has no place there to try one.
        const { trial = null } = facts;
        expect({ status, runs, obstacles, trial }).toEqual({
          ...{ status: 0, runs: true, obstacles: [], trial: null },
        });
        const meaning = findings.find(({ name }) => name === 'container')?.meaning;
        expect(meaning).toMatch(/^in one of podman/);
      },
      { telling: title === 'as it is', peer: 'none' },
    );
  }
});
