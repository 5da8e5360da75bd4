// Options of `podman run`: what of the container they change.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { compared } from './compare.js';
import { podman as caller } from './podman.js';

function hasController(name: string): boolean {
  return cgroup2Controllers()?.includes(name) ?? false;
}

/** Lines in an order of their own. */
function sorted(text: string): string {
  return text.split('\n').sort().join('\n');
}

compared(caller, 'options', (promise) => {
  promise(
    '--userns=keep-id keeps the id of the user',
    async (podman) => {
      const { uid } = podman.rig.identity;
      const { status, stdout } = await podman.run(['--userns=keep-id'], ['id', '-u']);
      const kept = { status: 0, stdout: `${uid}\n` };
      // podman 4 itself refuses it for root.
      const refused = uid === 0 && status === 125;
      expect({ status, stdout }).toEqual(refused ? { status: 125, stdout: '' } : kept);
    },
    { telling: true },
  );

  promise('--uidmap and --gidmap are the map of the container', async (podman) => {
    const maps = ['--uidmap', '0:1:5000', '--gidmap', '0:1:5000'];
    const script = 'id -u; cat /proc/self/uid_map /proc/self/gid_map';
    const { status, stdout } = await podman.run(maps, ['sh', '-c', script]);
    expect({ status, map: stdout.trim().split(/\s+/) }).toEqual({
      status: 0,
      map: ['0', '0', '1', '5000', '0', '1', '5000'],
    });
  });

  promise('--read-only makes all but the temporary folders unwritable', async (podman) => {
    const tries = ['/etc', '/usr', '/root', '/run', '/tmp', '/var/tmp', '/dev/shm'].map(
      (path) => `{ touch ${path}/x && echo ${path}; } 2>/dev/null`,
    );
    const writable = ['sh', '-c', `${tries.join('; ')}; true`];
    const { stdout } = await podman.run(['--read-only'], writable);
    expect(stdout).toBe('/run\n/tmp\n/var/tmp\n/dev/shm\n');
    const bare = await podman.run(['--read-only', '--read-only-tmpfs=false'], writable);
    // podman 4 leaves this one.
    expect(['', '/dev/shm\n']).toContain(bare.stdout);
  });

  promise('--device gives a device, with the rights it says', async (podman) => {
    const look = 'test -c /dev/own && head -c 4 /dev/own | od -An -tx1';
    const { stdout } = await podman.run(['--device', '/dev/zero:/dev/own:r'], ['sh', '-c', look]);
    expect(stdout.trim()).toBe('00 00 00 00');
    const absent = await podman.run(['--device', '/dev/wombat'], ['true']);
    expect(absent.status).toBe(125);
  });

  promise(
    'a device that was not given cannot be made and used',
    async (podman) => {
      const script = 'mknod /root/mem c 1 1; head -c 1 /root/mem; echo $?';
      const { stdout } = await podman.run(['--cap-add=mknod'], ['sh', '-c', script]);
      expect(stdout).toBe('1\n');
    },
    { ways: ['root'] },
  );

  promise('capabilities are those asked for', async (podman) => {
    const show = ['grep', '-E', 'Cap(Prm|Eff|Bnd|Amb)', '/proc/self/status'];
    const sets = [
      [],
      ['--cap-add', 'sys_admin,net_raw'],
      ['--cap-drop', 'chown,fowner'],
      ['--cap-drop', 'all', '--cap-add', 'net_bind_service'],
      ['--cap-drop', 'all', '--cap-add', 'kill', '--user', '33'],
      ['--user', '33'],
    ];
    for (const flags of sets) expect((await podman.run(flags, show)).status).toBe(0);
    expect((await podman.run(['--cap-add', 'fly'], show)).status).toBe(125);
  });

  promise(
    'a seccomp profile of the user is kept',
    async (podman) => {
      const names = ['mkdir', 'mkdirat'];
      const rule = { names, action: 'SCMP_ACT_ERRNO', errnoRet: 28 };
      const profile = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] };
      const file = join(podman.rig.dir, 'seccomp.json');
      writeFileSync(file, JSON.stringify(profile), { mode: 0o644 });
      const script = 'mkdir /tmp/x; grep Seccomp: /proc/self/status';
      const flags = ['--security-opt', `seccomp=${file}`];
      const { stderr, stdout } = await podman.run(flags, ['sh', '-c', script]);
      expect(stderr).toContain('No space left on device');
      expect(stdout).toBe('Seccomp:\t2\n');
      const none = ['--security-opt', 'seccomp=unconfined'];
      expect((await podman.run(none, ['sh', '-c', script])).stdout).toBe('Seccomp:\t0\n');
    },
    { telling: true },
  );

  promise('--security-opt masks and unmasks what the kernel shows', async (podman) => {
    const script =
      'head -c 1 /proc/keys | wc -c; echo 1 2>/dev/null > /proc/sys/kernel/shm_rmid_forced; echo $?; ls /sys/firmware | wc -l';
    const masked = await podman.run([], ['sh', '-c', script]);
    expect(masked.stdout).toBe('0\n1\n0\n');
    await podman.run(
      ['--security-opt', 'unmask=ALL'],
      ['sh', '-c', 'head -c 1 /proc/keys | wc -c'],
    );
    const hidden = ['--security-opt', 'mask=/etc/passwd:/root'];
    const { stdout } = await podman.run(hidden, [
      'sh',
      '-c',
      'wc -c < /etc/passwd; ls -A /root | wc -l',
    ]);
    expect(stdout).toBe('0\n0\n');
  });

  promise('--sysctl and --ulimit hold', async (podman) => {
    const flags = ['--sysctl', 'net.ipv4.ip_forward=1', '--sysctl', 'kernel.shm_rmid_forced=1'];
    const limits = ['nofile=512:600', 'nproc=100:200', 'core=0', 'stack=4194304'];
    const script =
      'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shm_rmid_forced; ulimit -n; ulimit -Hn; ulimit -c; ulimit -s';
    const line = [...flags, ...limits.flatMap((limit) => ['--ulimit', limit])];
    const { stdout } = await podman.run(line, ['sh', '-c', script]);
    expect(stdout).toBe('1\n1\n512\n600\n0\n4096\n');
    const outside = await podman.run(['--sysctl', 'kernel.hostname=x'], ['true']);
    expect(outside.status).not.toBe(0);
  });

  promise('--init is process 1 and passes the signal on', async (podman) => {
    const script = 'cat /proc/1/comm; trap "exit 5" TERM; kill -TERM 1; sleep 5 & wait';
    const { status, stdout } = await podman.run(['--init'], ['sh', '-c', script]);
    expect({ status, stdout }).toEqual({ status: 5, stdout: 'podman-init\n' });
  });

  promise('the environment is what was asked for', async (podman) => {
    const file = join(podman.rig.dir, 'env');
    writeFileSync(file, 'FROM_FILE=a b\n# no\nEMPTY=\n', { mode: 0o644 });
    const flags = ['--env-file', file, '--env', 'A=b=c', '--unsetenv', 'TERM', '--hostname', 'h'];
    const { stdout } = await podman.run(flags, ['env'], { show: sorted });
    expect(stdout.trim().split('\n')).toEqual(
      expect.arrayContaining(['FROM_FILE=a b', 'EMPTY=', 'A=b=c', 'HOSTNAME=h', 'HOME=/root']),
    );
    const clean = await podman.run(['--env-host=false', '--http-proxy=false'], ['env'], {
      show: sorted,
    });
    expect(clean.status).toBe(0);
  });

  promise('a secret is a file or a variable', async (podman) => {
    const file = join(podman.rig.dir, 'secret');
    writeFileSync(file, 'word', { mode: 0o644 });
    await podman.command(['secret', 'create', 's', file], { show: () => '' });
    const flags = ['--secret', 's,mode=0400', '--secret', 's,type=env,target=WORD'];
    const script = 'cat /run/secrets/s; echo " $WORD"; stat -c %a /run/secrets/s';
    const { stdout } = await podman.run(flags, ['sh', '-c', script]);
    expect(stdout).toBe('word word\n400\n');
  });

  promise('--systemd=always prepares what systemd looks for', async (podman) => {
    const script =
      'for i in /run /run/lock /tmp /sys/fs/cgroup /var/log/journal; do grep -q " $i " /proc/mounts && echo $i; done; true';
    const { status, stdout } = await podman.run(['--systemd', 'always'], ['sh', '-c', script]);
    expect({ status, lines: stdout.trim().split('\n') }).toEqual({
      status: 0,
      lines: ['/run', '/run/lock', '/tmp', '/sys/fs/cgroup', '/var/log/journal'],
    });
  });

  promise('namespaces can be those of the host', async (podman) => {
    const names = ['net', 'pid', 'uts'];
    const script = names.map((name) => `readlink /proc/self/ns/${name}`).join('; ');
    const outside = await podman.rig.execute(['sh', '-c', script]);
    const flags = ['run', '--rm', ...names.map((name) => `--${name}=host`)];
    const line = [...flags, '--rootfs', podman.rootfs, 'sh', '-c', script];
    const { stdout } = await podman.command(line);
    expect(stdout).toBe(outside.stdout);
  });

  promise('a log driver, a working directory, groups and annotations are taken', async (podman) => {
    const flags = ['--log-driver', 'none', '--workdir', '/tmp', '--group-add', '7,8'];
    const more = ['--annotation', 'a=b', '--label', 'c=d', '--user', '3:4', '--umask', '027'];
    const { stdout } = await podman.run([...flags, ...more], ['sh', '-c', 'pwd; id -G; umask']);
    expect(stdout).toBe('/tmp\n4 7 8\n0027\n');
    const absent = await podman.run(['--workdir', '/not/there'], ['true']);
    expect(absent.status).not.toBe(0);
  });

  promise(
    'a limit without its controller is a warning',
    async (podman) => {
      const { status } = await podman.run(['--memory', '64m', '--pids-limit', '50'], ['true']);
      expect(status).toBe(0);
    },
    {
      ways: ['root'],
      lacking: hasController('memory') ? 'this machine has the controller' : undefined,
      differs: { runc: 'fails with 127: the file of the limit is not there' },
    },
  );

  promise('a user that is not there is refused', async (podman) => {
    expect((await podman.run(['--user', 'wombat'], ['true'])).status).toBe(126);
    const numbered = await podman.run(['--user', '4242:4343'], ['id']);
    expect(numbered.stdout).toContain('uid=4242(4242) gid=4343(4343)');
  });
});
