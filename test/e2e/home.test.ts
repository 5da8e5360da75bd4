// HOME where the configuration has none: the user's in the container's /etc/passwd, as in runc.

import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { detached, printed } from '../rig/inside.js';
import { asRoot, bothWays } from '../rig/ways.js';

bothWays('HOME', (promise) => {
  promise('is root’s in /etc/passwd', async (rig) => {
    const bundle = await rig.bundle();
    expect(await printed(rig, bundle, 'echo $HOME')).toBe('/root\n');
    passwd(bundle, 'bin:x:1:1::/bin:/x\nroot:x:0:0:the admin:/var/root:/bin/sh\n');
    expect(await printed(rig, bundle, 'echo $HOME')).toBe('/var/root\n');
  });

  promise('is / where the file has no such user, or no sense', async (rig) => {
    const bundle = await rig.bundle();
    for (const text of [
      '',
      'root\n',
      'root:x:0\n',
      'root:x::0::/a:\n',
      'root:x:0x0:0::/a:\n',
      'root:x:4294967296:0::/a:\n',
      'root:x:0:0::relative:\n',
      `root:x:0:0::${'\n'.repeat(3)}`,
      'x'.repeat(100_000),
    ]) {
      passwd(bundle, text);
      expect([text.slice(0, 40), await printed(rig, bundle, 'echo $HOME')]).toEqual([
        text.slice(0, 40),
        '/\n',
      ]);
    }
    rmSync(join(bundle.rootfs, 'etc/passwd'));
    expect(await printed(rig, bundle, 'echo $HOME')).toBe('/\n');
  });

  promise(
    'is that of the first line with the id, also without a newline at its end',
    async (rig) => {
      const bundle = await rig.bundle();
      passwd(bundle, 'junk\na:x:0:0::/first:\nb:x:0:0::/second:\n');
      expect(await printed(rig, bundle, 'echo $HOME')).toBe('/first\n');
      passwd(bundle, `${'u:x:7:7::/other:\n'.repeat(5000)}a:x:0:0::/last`);
      expect(await printed(rig, bundle, 'echo $HOME')).toBe('/last\n');
    },
  );

  promise('is the configuration’s where it has one, an empty one counts as none', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => process.env?.push('HOME=/given'));
    expect(await printed(rig, bundle, 'echo $HOME')).toBe('/given\n');
    bundle.edit(({ process }) => process.env?.push('HOME='));
    expect(await printed(rig, bundle, 'echo $HOME; env | grep -c ^HOME=')).toBe('/root\n1\n');
  });

  promise('a link stays inside the root, and what is no file is not opened', async (rig) => {
    const bundle = await rig.bundle();
    const path = join(bundle.rootfs, 'etc/passwd');
    rmSync(path);
    symlinkSync('/etc/hosts-passwd', path);
    writeFileSync(join(bundle.rootfs, 'etc/hosts-passwd'), 'r:x:0:0::/linked:\n');
    expect(await printed(rig, bundle, 'echo $HOME')).toBe('/linked\n');
    rmSync(path);
    await rig.execute(['mkfifo', path]);
    expect(await printed(rig, bundle, 'echo $HOME')).toBe('/\n');
    rmSync(path);
    symlinkSync('/proc/self/exe', path);
    expect(await printed(rig, bundle, 'echo $HOME')).toBe('/\n');
  });

  promise('of exec is found in the same way', async (rig) => {
    const bundle = await rig.bundle();
    passwd(bundle, 'root:x:0:0::/of/exec:\n');
    const { id, remove } = await detached(rig, bundle);
    expect((await rig.command(['exec', id, 'sh', '-c', 'echo $HOME'])).stdout).toBe('/of/exec\n');
    await remove();
  });
});

asRoot('HOME of another user', (promise) => {
  promise('is that user’s, also where only root may read the file', async (rig) => {
    const bundle = await rig.bundle();
    passwd(bundle, 'root:x:0:0::/root:\nweb:x:1234:567::/srv/web:\n');
    await rig.execute(['chmod', '600', join(bundle.rootfs, 'etc/passwd')]);
    bundle.edit(({ process }) => Object.assign(process, { user: { uid: 1234, gid: 567 } }));
    expect(await printed(rig, bundle, 'echo $HOME')).toBe('/srv/web\n');
    const { id, remove } = await detached(rig, bundle);
    const home = async (user: string) =>
      (await rig.command(['exec', '-u', user, id, 'sh', '-c', 'echo $HOME'])).stdout;
    expect([await home('0'), await home('1234'), await home('99')]).toEqual([
      '/root\n',
      '/srv/web\n',
      '/\n',
    ]);
    await remove();
  });
});

function passwd(bundle: Bundle, text: string): void {
  writeFileSync(join(bundle.rootfs, 'etc/passwd'), text);
}
