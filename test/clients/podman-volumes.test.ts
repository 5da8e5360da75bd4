// Volumes of podman.

import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { otherRoot } from '../rig/other-root.js';
import { compared } from './compare.js';
import { podman as caller, type Podman } from './podman.js';

/** A directory of the host with a file in it. */
function folder({ rig }: Podman): string {
  const path = rig.directory('volume');
  writeFileSync(join(path, 'file'), 'text\n');
  chmodSync(join(path, 'file'), 0o644);
  chownSync(join(path, 'file'), rig.identity.uid, rig.identity.gid);
  return path;
}

compared(caller, 'volumes', (promise) => {
  promise(
    'options of a mount hold',
    async (podman) => {
      const volume = folder(podman);
      const options = (of: string) =>
        `for m in ${of}; do awk -v m=$m '$2 == m { split($4, o, ","); for (i in o) if (o[i] ~ /^(ro|rw|no.*)$/) print m, o[i] }' /proc/mounts | sort; done`;
      const flags = ['/a:ro', '/b:rw,noexec', '/c:nosuid,nodev,exec', '/d:rbind,rslave'];
      const line = flags.flatMap((flag) => ['--volume', `${volume}:${flag}`]);
      const { stdout } = await podman.run(line, ['sh', '-c', options('/a /b /c /d')]);
      expect(stdout).toContain('/a ro\n');
      expect(stdout).toContain('/b noexec\n');
      expect(stdout).toContain('/c nodev\n/c nosuid\n');
    },
    { telling: true },
  );

  promise('a file, a missing target below a mount, and --mount', async (podman) => {
    const volume = folder(podman);
    const flags = [
      ...['--volume', `${volume}/file:/deep/er/file:ro`],
      ...['--mount', `type=bind,source=${volume},destination=/m,readonly`],
      ...['--mount', 'type=tmpfs,destination=/t,tmpfs-size=1m,tmpfs-mode=1770'],
    ];
    const script =
      'cat /deep/er/file /m/file; stat -c %a /t; df -k /t | tail -1 | awk "{print \\$2}"';
    const { stdout } = await podman.run(flags, ['sh', '-c', script]);
    expect(stdout).toBe('text\ntext\n1770\n1024\n');
  });

  promise(
    'idmap shows the owner as seen from the container',
    async (podman) => {
      const volume = folder(podman);
      const maps = ['--uidmap', '0:1000:5000', '--gidmap', '0:1000:5000'];
      const { stdout, status } = await podman.run(
        [...maps, '--volume', `${volume}:/mnt:idmap`],
        ['stat', '-c', '%u %g', '/mnt/file'],
      );
      expect({ stdout, status }).toEqual({ stdout: '0 0\n', status: 0 });
    },
    {
      ways: ['root'],
      differs: { runc: 'runc 1.1 knows no idmap and leaves the owners as they are' },
    },
  );

  promise(
    'idmap without a user namespace is an error',
    async (podman) => {
      const flags = ['--volume', `${folder(podman)}:/mnt:idmap`];
      const { status, stderr } = await podman.run(flags, ['true']);
      // podman 5 leaves the option out.
      if (otherRoot && status === 0) return;
      expect(status).toBe(126);
      expect(stderr).toContain('idmap needs uidMappings and gidMappings');
    },
    {
      ways: ['root'],
      differs: { runc: 'runc 1.1 knows no idmap and leaves the owners as they are' },
    },
  );

  promise(
    'idmap for an ordinary user is refused, since the file system is not theirs',
    async (podman) => {
      const { status } = await podman.run(['--volume', `${folder(podman)}:/mnt:idmap`], ['true']);
      expect(otherRoot ? [0, 126] : [126]).toContain(status);
    },
    { ways: ['user'] },
  );

  promise(
    'a volume that belongs to the container with U, and an overlay with O',
    async (podman) => {
      const volume = folder(podman);
      const owned = await podman.run(
        ['--user', '5:6', '--volume', `${volume}:/v:U`],
        ['stat', '-c', '%u %g', '/v'],
      );
      expect(owned.stdout).toBe('5 6\n');
      const script = 'echo changed > /v/file; cat /v/file';
      const { stdout } = await podman.run(['--volume', `${volume}:/v:O`], ['sh', '-c', script]);
      expect(stdout).toBe('changed\n');
      const after = await podman.run(['--volume', `${volume}:/v`], ['cat', '/v/file']);
      expect(after.stdout).toBe('text\n');
    },
  );

  promise('a named volume keeps what is written, and --volumes-from shares it', async (podman) => {
    await podman.detach(
      'stays',
      ['--volume', 'data:/data'],
      ['sh', '-c', 'echo kept > /data/f; sleep 1000'],
    );
    const again = await podman.run(
      ['--volumes-from', 'stays'],
      ['sh', '-c', 'sleep 0.2; cat /data/f'],
    );
    expect(again.stdout).toBe('kept\n');
    expect((await podman.command(['volume', 'ls', '--quiet'])).stdout).toBe('data\n');
    expect((await podman.command(['volume', 'rm', 'data'])).status).toBe(2);
  });

  promise('a source that is not there is status 125', async (podman) => {
    const flags = ['--volume', `${podman.rig.dir}/not/there:/v`];
    expect((await podman.run(flags, ['true'])).status).toBe(125);
  });
});
