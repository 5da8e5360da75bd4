// Docker Engine with this runtime: what people type, and what they get.

import { readFileSync, readlinkSync } from 'node:fs';
import { afterAll, expect } from '@jest/globals';
import { asRoot } from './as-root.js';
import { docker as caller, dockers } from './docker.js';

afterAll(() => dockers.end());

/** --privileged asks for all capabilities, which root does not have everywhere. */
const bounding = /^CapBnd:\t(\w+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
const lacksResource = (BigInt(`0x${bounding}`) & (1n << 24n)) === 0n;

const status = (pattern: string) => ['grep', '-E', pattern, '/proc/self/status'];

asRoot(caller, 'run', (promise) => {
  promise(
    'run gives the output and the status',
    async (docker) => {
      const script = 'echo hello; echo oops >&2; exit 7';
      const ran = await docker.foreground([], ['sh', '-c', script]);
      expect(ran).toMatchObject({ status: 7, stdout: 'hello\n', stderr: 'oops\n' });
    },
    { telling: true },
  );

  promise('run -i gives the input', async (docker) => {
    const { stdout } = await docker.foreground(['-i'], ['cat'], { input: 'typed\n' });
    expect(stdout).toBe('typed\n');
  });

  promise('run -it gives a terminal of the size of the caller’s', async (docker) => {
    const script =
      'tty; until [ "$(stty size 2>/dev/null)" = "33 99" ]; do sleep 0.1; done; exit 5';
    const line = ['run', '--rm', '-it', '--network', 'none', 'localhost/box', 'sh', '-c', script];
    const screen = await docker.terminal(line, { rows: 33, columns: 99 });
    expect(screen).toBe('/dev/pts/0\n[ended with 5]');
  });

  promise(
    '125 is Docker’s, 126 what may not be run, 127 what is not there',
    async (docker) => {
      expect((await docker.foreground(['--wombat'], ['true'])).status).toBe(125);
      const sysctl = await docker.foreground(['--sysctl', 'net.ipv4.wombat=1'], ['true']);
      expect(sysctl.stderr).toMatch(/OCI runtime create failed: .*net\/ipv4\/wombat/);
      expect(sysctl.status).toBe(127);
      const absent = await docker.foreground([], ['wombat']);
      expect(absent.stderr).toMatch(/OCI runtime create failed: .*"wombat": executable file not/);
      expect(absent.status).toBe(127);
      const folder = await docker.foreground([], ['/etc']);
      expect(folder.stderr).toMatch(/OCI runtime create failed: .*"\/etc": permission denied/);
      expect(folder.status).toBe(126);
    },
    { telling: true },
  );

  promise('a file on a directory is refused', async (docker) => {
    const place = docker.place('volume');
    const { status, stderr } = await docker.foreground(['-v', `${place}:/bin/sh`], ['true']);
    expect(stderr).toContain('Are you trying to mount a directory onto a file');
    expect(status).toBe(125);
  });

  promise('the user, groups, directory, variables and host name are given', async (docker) => {
    const flags = [
      ...['--user', 'nobody', '--group-add', '77', '--workdir', '/tmp/new', '--env', 'A=b'],
      ...['--hostname', 'boat', '--domainname', 'sea', '--add-host', 'isle:10.0.0.1'],
    ];
    const script =
      'id; pwd; echo $A; hostname; cat /proc/sys/kernel/domainname; grep isle /etc/hosts';
    expect(await docker.printed(flags, script)).toBe(
      'uid=65534(nobody) gid=65534(nogroup) groups=77,65534(nogroup)\n/tmp/new\nb\nboat\nsea\n10.0.0.1\tisle\n',
    );
  });

  promise('--rm removes the container’s volume', async (docker) => {
    expect(await docker.printed(['-v', '/v'], 'echo x > /v/x; cat /v/x')).toBe('x\n');
    expect(await docker.must('volume', 'ls', '-q')).toBe('');
  });

  promise('--init has a first process that reaps', async (docker) => {
    const zombies = 'grep -l "State:.Z" /proc/[0-9]*/status 2>/dev/null | wc -l';
    const script = `cat /proc/1/comm; sh -c "sleep 0.1 &"; sleep 0.5; ${zombies}`;
    expect(await docker.printed(['--init'], script)).toBe('docker-init\n0\n');
  });

  promise('ten containers at once', async (docker) => {
    const all = Array.from({ length: 10 }, async (_, number) => {
      const line = ['run', '--rm', '--network', 'none', 'localhost/box', 'sh', '-c'];
      const { view, docker: words } = docker.service;
      return (await view.execute([...words, ...line, `exit ${number}`])).status;
    });
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

asRoot(caller, 'options', (promise) => {
  promise('a read-only root, a tmpfs and volumes are as asked for', async (docker) => {
    const place = docker.place('volume');
    const flags = [
      ...['--read-only', '--tmpfs', '/t:size=1m,mode=700', '-v', `${place}:/v:ro`],
      ...['--mount', `type=bind,src=${place},dst=/w,bind-propagation=rslave`, '-v', 'named:/n'],
    ];
    const paths = ['/root/x', '/v/x', '/t/x', '/w/x', '/n/x'];
    const script = [...paths.map((path) => `touch ${path} 2>&1`), 'stat -c %a /t; ls /v'].join(
      '; ',
    );
    expect(await docker.printed(flags, script)).toBe(
      'touch: /root/x: Read-only file system\ntouch: /v/x: Read-only file system\n700\nx\n',
    );
  });

  promise('a named volume begins with what the image has there', async (docker) => {
    expect(await docker.printed(['-v', 'named:/etc'], 'ls /etc')).toContain('passwd');
  });

  promise('capabilities are as asked for', async (docker) => {
    const some = ['--cap-drop', 'all', '--cap-add', 'chown', '--cap-add', 'kill'];
    const { stdout } = await docker.foreground(some, status('Cap(Eff|Bnd|Prm|Inh|Amb)'));
    expect(stdout.match(/[0-9a-f]{16}/g)).toEqual([
      '0000000000000000',
      '0000000000000021',
      '0000000000000021',
      '0000000000000021',
      '0000000000000000',
    ]);
    const usual = await docker.foreground([], status('CapEff'));
    expect(usual.stdout).toBe('CapEff:\t00000000a80425fb\n');
    const user = await docker.foreground(['--user', '33'], status('Cap(Eff|Bnd)'));
    expect(user.stdout).toBe('CapEff:\t0000000000000000\nCapBnd:\t00000000a80425fb\n');
  });

  promise('no-new-privileges and seccomp profiles are as asked for', async (docker) => {
    const fields = status('NoNewPrivs|Seccomp:');
    const of = async (...options: string[]) => {
      const flags = options.flatMap((option) => ['--security-opt', option]);
      return (await docker.foreground(flags, fields)).stdout.match(/\d/g)?.join('');
    };
    expect(await of()).toBe('02');
    expect(await of('no-new-privileges')).toBe('12');
    expect(await of('seccomp=unconfined')).toBe('00');
  });

  promise('a seccomp profile of one’s own holds', async (docker) => {
    const { service } = docker;
    const profile = `${service.view.rig.dir}/profile.json`;
    const text = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 37 }],
    };
    await service.view.execute(['tee', profile], { input: JSON.stringify(text) });
    const flags = ['--security-opt', `seccomp=${profile}`];
    const { stdout } = await docker.foreground(flags, ['sh', '-c', 'mkdir /x 2>&1']);
    expect(stdout).toBe("mkdir: can't create directory '/x': No locks available\n");
  });

  promise(
    '--privileged gives all of it',
    async (docker) => {
      const script = 'mount -t tmpfs none /tmp && echo mounted; grep -c " /proc/" /proc/mounts';
      const { stdout } = await docker.foreground(['--privileged'], ['sh', '-c', script]);
      expect(stdout).toBe('mounted\n0\n');
    },
    lacksResource ? { differs: { runc: 'cannot do with less than all capabilities' } } : {},
  );

  promise('paths of /proc and /sys are masked and read-only', async (docker) => {
    const tries = ['/proc/sys/kernel/hostname', '/proc/sysrq-trigger', '/sys/kernel/x'];
    const script = [
      ...tries.map((path) => `(echo x > ${path}) 2>&1`),
      'wc -c < /proc/kcore; ls /sys/firmware',
    ].join('; ');
    expect(await docker.printed([], script)).toContain('Read-only file system');
  });

  promise('a device can be given, with what is allowed', async (docker) => {
    const script =
      'stat -c "%t:%T %a" /dev/zero2; head -c 2 /dev/zero2 | wc -c; (echo > /dev/zero2) 2>&1';
    const flags = ['--device', '/dev/zero:/dev/zero2:r', '--cap-add', 'mknod'];
    expect(await docker.printed(flags, script)).toBe('1:5 666\n2\n');
    const made = 'mknod /x c 10 229; (: < /x) 2>&1; echo $?';
    const { stdout } = await docker.foreground([], ['sh', '-c', made]);
    expect(stdout).toMatch(/Operation not permitted/);
    const rule = ['--device-cgroup-rule', 'c 10:229 rw'];
    const allowed = await docker.foreground(rule, ['sh', '-c', made]);
    expect(allowed.stdout).not.toMatch(/Operation not permitted/);
  });

  promise('limits, sysctls, the size of /dev/shm and the score are given', async (docker) => {
    const flags = [
      ...['--ulimit', 'nofile=100:200', '--sysctl', 'net.ipv4.ip_unprivileged_port_start=7'],
      ...['--shm-size', '3m', '--oom-score-adj', '500'],
    ];
    const script =
      'ulimit -Sn; ulimit -Hn; cat /proc/sys/net/ipv4/ip_unprivileged_port_start; ' +
      'df -k /dev/shm | grep -o 3072; cat /proc/self/oom_score_adj';
    expect(await docker.printed(flags, script)).toBe('100\n200\n7\n3072\n3072\n500\n');
  });

  promise('namespaces of the host and of another container', async (docker) => {
    const host = ['pid', 'uts', 'ipc', 'cgroupns', 'network'].flatMap((name) => [
      `--${name}`,
      'host',
    ]);
    const names = ['pid', 'uts', 'ipc', 'cgroup', 'net'];
    const script = names.map((name) => `readlink /proc/self/ns/${name}`).join('; ');
    const own = names.map((name) => `${readlinkSync(`/proc/self/ns/${name}`)}\n`).join('');
    expect(await docker.printed(host, script)).toBe(own);
    await docker.detach(['--hostname', 'shared', '--ipc', 'shareable'], ['sleep', '1000']);
    const shared = ['--pid', 'container:stays', '--ipc', 'container:stays'];
    const network = ['--network', 'container:stays'];
    const other = await docker.printed(
      [...shared, ...network],
      'cat /proc/1/comm; ls /sys/class/net',
    );
    expect(other).toBe('sleep\nlo\n');
  });

  promise('the cgroup namespace hides where the container is', async (docker) => {
    expect(await docker.printed([], 'tail -n 1 /proc/self/cgroup')).toBe('0::/\n');
    const host = await docker.printed(['--cgroupns', 'host'], 'tail -n 1 /proc/self/cgroup');
    expect(host).toContain(`0::${docker.service.view.cgroup}/`);
  });
});
