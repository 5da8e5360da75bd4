// A running container that has prepared itself for the next `exec`.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { BundleConfig } from '../../rig/bundle.js';
import { detached } from '../../rig/inside.js';
import { asRoot, bothWays } from '../../rig/ways.js';

/** The rights to mount what one likes. */
function mayMount(config: BundleConfig): void {
  const all = ['CAP_SYS_ADMIN', 'CAP_MKNOD', 'CAP_DAC_OVERRIDE', 'CAP_CHOWN', 'CAP_FOWNER'];
  config.process.capabilities = { bounding: all, effective: all, permitted: all };
}

/** What is at /dev/pts/ptmx then. */
const fakes = {
  'a fifo': 'mkfifo ptmx',
  'a file': 'echo >ptmx',
  'a link to the terminals that were there': 'ln -s /old/ptmx ptmx',
  'a terminal': 'touch ptmx; mount --bind /old/0 ptmx',
  'another device': 'touch ptmx; mount --bind /dev/zero ptmx',
};

asRoot('a container that replaces /dev/pts before a terminal is opened in it', (promise) => {
  for (const [what, command] of Object.entries(fakes)) {
    promise(`by ${what} is told apart, and kept waiting for nothing`, async (rig) => {
      const bundle = (await rig.bundle()).edit(mayMount);
      bundle.edit(({ root }) => Object.assign(root, { readonly: false }));
      const script = `
        mkdir /old; mount --bind /dev/pts /old; exec 3<>/old/ptmx
        mount -t tmpfs tmpfs /dev/pts; cd /dev/pts; ${command}
        touch /dev/shm/ready; exec sleep 1000`;
      const { id, remove } = await detached(rig, bundle, script);
      const wait = 'until test -e /dev/shm/ready; do usleep 1000; done';
      await rig.command(['exec', id, 'sh', '-c', wait]);
      const terminal = await rig.terminal(['exec', '--tty', id, 'true']);
      expect(await terminal.shows('[ended with 255]')).toMatch(
        /\/dev\/pts\/ptmx: .*(ELOOP|not the multiplexer of a devpts)/,
      );
      await remove();
    });
  }
});

bothWays('a program whose interpreter is /proc/self/exe', (promise) => {
  promise('gives no role of the runtime to it', async (rig) => {
    const bundle = await rig.bundle();
    for (const [name, line] of Object.entries({ plain: '', first: ' init', second: ' attend' })) {
      const path = join(bundle.rootfs, 'bin', name);
      writeFileSync(path, `#!/proc/self/exe${line}\n`);
      chmodSync(path, 0o755);
      const ran = await rig.run(bundle.runs([name, '3']));
      expect({ name, stdout: ran.stdout }).toEqual({ name, stdout: '' });
      expect(ran.status).not.toBe(0);
      const { id, remove } = await detached(rig, bundle);
      const joined = await rig.command(['exec', id, name, '3']);
      expect({ name, stdout: joined.stdout }).toEqual({ name, stdout: '' });
      expect(joined.status).not.toBe(0);
      await remove();
    }
  });
});
