// buildah, which calls the runtime itself: `run` and the RUN of `bud`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { buildah as caller } from './buildah.js';
import { compared } from './compare.js';

compared(caller, 'run', (promise) => {
  promise(
    'run gives the output, the input and the status of the program',
    async (buildah) => {
      await buildah.from();
      const script = 'id -u; pwd; cat; exit 3';
      const ran = await buildah.run([], ['sh', '-c', script], { input: 'typed\n' });
      expect({ status: ran.status, stdout: ran.stdout }).toEqual({
        status: 3,
        stdout: '0\n/\ntyped\n',
      });
      expect((await buildah.run([], ['wombat'])).status).not.toBe(0);
    },
    { telling: true },
  );

  promise('what a command changes, the next one sees', async (buildah) => {
    await buildah.from();
    await buildah.run([], ['sh', '-c', 'echo kept > /root/file']);
    expect((await buildah.run([], ['cat', '/root/file'])).stdout).toBe('kept\n');
  });

  promise('user, directory, variables, volumes, capabilities and a terminal', async (buildah) => {
    await buildah.from();
    const volume = buildah.rig.directory('volume');
    writeFileSync(join(volume, 'file'), 'text\n', { mode: 0o644 });
    const user = ['--user', '33:44', '--workingdir', '/tmp', '--env', 'A=b', '--hostname', 'boat'];
    const more = ['--volume', `${volume}:/v:ro`, '--cap-drop', 'all'];
    const script =
      'id -u; id -g; pwd; echo $A; hostname; cat /v/file; grep CapBnd /proc/self/status';
    const { stdout } = await buildah.run([...user, ...more], ['sh', '-c', script]);
    expect(stdout).toBe('33\n44\n/tmp\nb\nboat\ntext\nCapBnd:\t0000000000000000\n');
    expect((await buildah.run(['--terminal'], ['tty'])).stdout).toBe('/dev/pts/0\r\n');
  });
});

compared(caller, 'bud', (promise) => {
  promise(
    'the commands of a file are run, by the users and with the shell it names',
    async (buildah) => {
      const lines = [
        'FROM scratch AS first',
        'COPY tree /',
        'RUN echo one > /root/made && id -u >> /root/made',
        'USER 33',
        'SHELL ["/bin/sh", "-ec"]',
        'RUN id -u > /dev/shm/x; cat /dev/shm/x',
        'USER 0',
        'FROM first',
        'RUN --mount=type=tmpfs,target=/t touch /t/x && cat /root/made > /root/again',
        'RUN test ! -e /t/x',
      ];
      const built = await buildah.build(lines, ['--tag', 'built', '--layers']);
      expect({ status: built.status, stderr: built.status ? built.stderr : '' }).toEqual({
        status: 0,
        stderr: '',
      });
      await buildah.command(['from', '--quiet', '--pull-never', '--name', 'c', 'built']);
      expect((await buildah.run([], ['cat', '/root/again'])).stdout).toBe('one\n0\n');
    },
  );

  promise('a command that fails is the status of the build', async (buildah) => {
    const built = await buildah.build(['FROM scratch', 'COPY tree /', 'RUN exit 9']);
    expect(built.status).toBe(9);
    const absent = await buildah.build(['FROM scratch', 'COPY tree /', 'RUN ["wombat"]']);
    expect(absent.status).not.toBe(0);
  });
});
