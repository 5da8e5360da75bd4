// Docker Engine with --userns-remap: the runtime makes each container a user namespace.

import { afterAll, expect } from '@jest/globals';
import { ordinaryUser } from '../rig/identity.js';
import { asRoot } from './as-root.js';
import { remappingDocker, remappingDockers } from './docker.js';

afterAll(() => remappingDockers.end());

asRoot(remappingDocker, 'run', (promise) => {
  promise(
    'ids of the container are those of the user, and files are its own',
    async (docker) => {
      const script =
        'id -u; cat /proc/self/uid_map; stat -c %u /bin/busybox; touch /x && echo wrote';
      const { subuid } = ordinaryUser();
      expect((await docker.printed([], script)).trim().split(/\s+/)).toEqual(
        ['0', '0', subuid?.first, subuid?.count, '0', 'wrote'].map(String),
      );
    },
    { telling: true },
  );

  promise('the host sees the user’s ids', async (docker) => {
    await docker.detach(['--user', '33'], ['sleep', '1000']);
    const outside = (ordinaryUser().subuid?.first ?? 0) + 33;
    expect(await docker.proc('status')).toMatch(new RegExp(`^Uid:\t${outside}\t`, 'm'));
    expect(await docker.must('exec', 'stays', 'id', '-u')).toBe('33');
    await docker.must('pause', 'stays');
    await docker.must('unpause', 'stays');
    await docker.must('stop', '-t', '0', 'stays');
  });

  promise('volumes, a tmpfs, a read-only root, a terminal and a device', async (docker) => {
    const flags = [
      '--read-only',
      '-v',
      'named:/v',
      '--tmpfs',
      '/t',
      '--device',
      '/dev/loop0',
      '-t',
    ];
    const script = 'touch /v/x /t/x && echo wrote; touch /x; stat -c %t:%T /dev/loop0; tty';
    const { stdout } = await docker.foreground(flags, ['sh', '-c', `(${script}) 2>&1`]);
    expect(stdout.split('\r\n')).toEqual([
      'wrote',
      'touch: /x: Read-only file system',
      '7:0',
      '/dev/pts/0',
      '',
    ]);
  });

  promise('a host name, a sysctl and limits', async (docker) => {
    const port = 'net.ipv4.ip_unprivileged_port_start';
    const flags = ['--hostname', 'boat', '--sysctl', `${port}=7`, '--ulimit', 'nofile=100:200'];
    const script = 'hostname; cat /proc/sys/net/ipv4/ip_unprivileged_port_start; ulimit -n';
    expect(await docker.printed(flags, script)).toBe('boat\n7\n100\n');
  });

  promise('what is not there is 127, and nothing is left', async (docker) => {
    expect((await docker.foreground([], ['wombat'])).status).toBe(127);
    expect((await docker.foreground([], ['/etc'])).status).toBe(126);
  });
});
