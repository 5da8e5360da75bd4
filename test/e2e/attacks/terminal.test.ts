// A container at its caller's terminal cannot type for the caller.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { copyProgram } from '../../rig/copied-program.js';
import { bothWays } from '../../rig/ways.js';

/** Where this is 0, the kernel itself refuses TIOCSTI (Linux 6.2 and newer) and shows nothing. */
const pushable = (() => {
  try {
    return readFileSync('/proc/sys/dev/tty/legacy_tiocsti', 'utf8').trim() === '1';
  } catch {
    return true;
  }
})();

bothWays('CVE-2017-5226: typing into the caller’s terminal', (promise) => {
  promise('a container has a session of its own without that terminal', async (rig) => {
    const bundle = await rig.bundle();
    copyProgram('push-into-terminal', join(bundle.rootfs, 'bin/push'));
    const terminal = await rig.terminal([
      'run',
      '-b',
      bundle.runs(['push', 'x']).path,
      rig.newId(),
    ]);
    const screen = await terminal.shows('[ended with 0]');
    expect(screen).toMatch(/^terminal No such device or address$/m);
    expect(screen).toMatch(/^session own$/m);
  });

  promise.needs(pushable, 'this kernel gives TIOCSTI to nobody')(
    'nothing that it pushes arrives there',
    async (rig) => {
      const bundle = await rig.bundle();
      const push = copyProgram('push-into-terminal', join(bundle.rootfs, 'bin/push'));
      // The test can fail: outside of a container it works.
      const control = await rig.openTerminal([push, 'typed']);
      expect(await control.shows('[ended with 0]')).toMatch(/stdin PUSHED$/m);
      bundle.runs(['push', 'typed']);
      const terminal = await rig.terminal(['run', '-b', bundle.path, rig.newId()]);
      const screen = await terminal.shows('[ended with 0]');
      expect(screen).toMatch(/^stdin refused: Operation not permitted$/m);
      expect(screen).not.toMatch(/PUSHED|typed/);
    },
  );
});
