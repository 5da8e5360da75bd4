// Keys of a container: who could have them as well.

import { join } from 'node:path';
import { expect } from '@jest/globals';
import { copyProgram } from '../../rig/copied-program.js';
import { ordinaryUser } from '../../rig/identity.js';
import { until } from '../../rig/until.js';
import { asRoot } from '../../rig/ways.js';

asRoot('a session keyring that another user has prepared under a container’s name', (promise) => {
  promise('is not joined by the container', async (rig) => {
    const bundle = await rig.bundle();
    const program = copyProgram('keyring', join(bundle.rootfs, 'bin/keyring'));
    const id = rig.newId();
    const attacker = rig.launch([...ordinaryUser().prefix, program, `_ses.${id}`]);
    expect(await until(() => attacker.outputSoFar().includes('\n'))).toBe(true);
    const { stdout } = await rig.run(bundle.runs(['keyring']), { id });
    expect(stdout).toMatch(/^\d+\n$/);
    expect(stdout).not.toBe(attacker.outputSoFar());
    attacker.signal('SIGKILL');
    await attacker.ended;
  });
});
