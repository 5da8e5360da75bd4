// containerd's shim with this runtime, driven by `ctr`.

import { readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { afterAll, expect } from '@jest/globals';
import { root } from '../rig/identity.js';
import { busyboxRootfs } from '../rig/rootfs.js';
import { until } from '../rig/until.js';
import { asRoot } from './as-root.js';
import { containerd, containerds } from './containerd.js';

const sleeps = ['sleep', '1000'];
const size = { rows: 33, columns: 99 };
/** ctr sets the size once it has started the program, which must still be there then. */
const hasSize =
  'tty; until [ "$(stty size 2>/dev/null)" = "33 99" ]; do sleep 0.1; done; sleep 0.3; exit 5';
/** `ctr tasks exec --exec-id ID`. */
const exec = (id: string) => ['tasks', 'exec', '--exec-id', id];

afterAll(() => containerds.end());

asRoot(containerd, 'run', (promise) => {
  promise(
    'run gives the output and the status',
    async (ctr) => {
      const script = 'echo hello; echo oops >&2; exit 7';
      const ran = await ctr.foreground([], ['sh', '-c', script]);
      expect(ran).toMatchObject({ status: 7, stdout: 'hello\n', stderr: 'oops\n' });
    },
    { telling: true },
  );

  promise('run -t gives a terminal of the size of the caller’s', async (ctr) => {
    const line = ctr.runLine(['--rm', '-t'], 'terminal', ['sh', '-c', hasSize]);
    const screen = await ctr.terminal(line, size);
    expect(screen).toBe('/dev/pts/0\n[ended with 5]');
  });

  promise('a program that is not there, or may not be run, is told', async (ctr) => {
    const absent = await ctr.foreground([], ['wombat']);
    expect(absent.status).toBe(1);
    expect(absent.stderr).toMatch(/create failed: .*"wombat": executable file not found in \$PATH/);
    const folder = await ctr.foreground([], ['/etc']);
    expect(folder.status).toBe(1);
    expect(folder.stderr).toMatch(/create failed: .*"\/etc": permission denied/);
  });

  promise('the root can be read-only, and directories mounted', async (ctr) => {
    const tries = ['/root/x', '/v/x', '/t/x'].map((path) => `touch ${path} 2>&1`);
    const volume = `type=bind,src=${ctr.place('volume')},dst=/v,options=rbind:ro`;
    const tmpfs = 'type=tmpfs,src=none,dst=/t,options=size=1m';
    const flags = ['--read-only', '--mount', volume, '--mount', tmpfs];
    const { stdout } = await ctr.foreground(flags, ['sh', '-c', tries.join('; ')]);
    expect(stdout).toBe(
      'touch: /root/x: Read-only file system\ntouch: /v/x: Read-only file system\n',
    );
  });

  promise('capabilities, no_new_privs and the seccomp profile are as asked for', async (ctr) => {
    const fields = ['grep', '-E', 'Cap|NoNewPrivs|Seccomp:', '/proc/self/status'];
    const flags = ['--cap-drop', 'CAP_CHOWN', '--cap-add', 'CAP_SYS_TIME', '--seccomp'];
    const { stdout } = await ctr.foreground(flags, fields);
    expect(stdout).toContain('CapEff:\t00000000aa0425fa\n');
    expect(stdout).toContain('NoNewPrivs:\t1\nSeccomp:\t2\n');
    const privileged = await ctr.foreground(['--allow-new-privs', '--privileged'], fields);
    expect(privileged.stdout).toContain('NoNewPrivs:\t0\nSeccomp:\t0\n');
  });

  promise('variables, the directory, a device and the host’s network are given', async (ctr) => {
    const flags = ['--env', 'A=b', '--cwd', '/tmp', '--device', '/dev/loop0', '--net-host'];
    const script = 'echo $A; pwd; stat -c %t:%T /dev/loop0; readlink /proc/self/ns/net';
    const { stdout } = await ctr.foreground(flags, ['sh', '-c', script]);
    expect(stdout).toBe(`b\n/tmp\n7:0\n${readlinkSync('/proc/self/ns/net')}\n`);
  });

  promise('a user namespace with its own ids', async (ctr) => {
    const maps = ['--uidmap', '0:100000:65536', '--gidmap', '0:100000:65536'];
    const script = 'id -u; cat /proc/self/uid_map; stat -c %u /bin/busybox';
    const { stdout } = await ctr.foreground(maps, ['sh', '-c', script]);
    expect(stdout.trim().split(/\s+/)).toEqual(['0', '0', '100000', '65536', '0']);
  });

  promise('a root filesystem that containerd does not manage', async (ctr) => {
    const rootfs = ctr.place('rootfs');
    await busyboxRootfs(rootfs, root());
    const line = ctr.runLine(['--rm', '--rootfs'], 'own', ['/bin/echo', 'there'], rootfs);
    expect((await ctr.command(line)).stdout).toBe('there\n');
  });

  promise('ten containers at once', async (ctr) => {
    const all = Array.from({ length: 10 }, async (_, number) => {
      const line = ctr.runLine(['--rm'], `box-${number}`, ['sh', '-c', `exit ${number}`]);
      const { status } = await ctr.service.view.execute([...ctr.service.ctr, ...line]);
      return status;
    });
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

asRoot(containerd, 'exec', (promise) => {
  promise(
    'exec gives the output and the status, and takes a user and a directory',
    async (ctr) => {
      await ctr.detach([], sleeps);
      const script = 'id -u; id -g; pwd; echo oops >&2; exit 9';
      const flags = ['--user', '33:44', '--cwd', '/tmp'];
      const ran = await ctr.command([...exec('one'), ...flags, 'stays', 'sh', '-c', script]);
      expect(ran).toMatchObject({ status: 9, stdout: '33\n44\n/tmp\n', stderr: 'oops\n' });
    },
    { telling: true },
  );

  promise('exec -t gives a terminal', async (ctr) => {
    await ctr.detach([], sleeps);
    const line = [...exec('one'), '-t', 'stays', 'sh', '-c', hasSize];
    const screen = await ctr.terminal(line, size);
    expect(screen).toBe('/dev/pts/0\n[ended with 5]');
  });

  promise('exec of what is not there is told, and the container stays', async (ctr) => {
    await ctr.detach([], sleeps);
    const absent = await ctr.command([...exec('one'), 'stays', 'wombat']);
    expect(absent.status).toBe(1);
    expect(absent.stderr).toMatch(/exec failed: .*"wombat": executable file not found in \$PATH/);
    const nowhere = await ctr.command([...exec('two'), '--cwd', '/no', 'stays', 'true']);
    expect(nowhere.status).toBe(1);
    expect(nowhere.stderr).toMatch(/exec failed: .*\/no\b.*no such file or directory/);
    expect((await ctr.command([...exec('three'), 'stays', 'echo', 'there'])).stdout).toBe(
      'there\n',
    );
  });

  promise('a container joins the namespaces of another', async (ctr) => {
    await ctr.detach([], sleeps);
    // By a path without the pid, which is another each time.
    const place = ctr.place('namespaces');
    symlinkSync(`/proc/${await ctr.pid()}/ns`, `${place}/of`);
    const namespaces = ['pid', 'ipc', 'uts'].map((name) => `${name}:${place}/of/${name}`);
    const flags = namespaces.flatMap((namespace) => ['--with-ns', namespace]);
    expect((await ctr.foreground(flags, ['cat', '/proc/1/comm'])).stdout).toBe('sleep\n');
  });
});

asRoot(containerd, 'tasks', (promise) => {
  promise('a signal reaches the program, and its status comes back', async (ctr) => {
    const script = 'trap "echo asked; exit 3" TERM; echo up; while :; do sleep 0.1; done';
    const log = await ctr.detachWithLog(['sh', '-c', script]);
    await until(() => log().includes('up'));
    await ctr.must(['tasks', 'kill', '--signal', 'TERM', 'stays']);
    expect(await ctr.status('STOPPED')).toBe('STOPPED');
    expect(log()).toBe('up\nasked\n');
    const again = await ctr.command(['tasks', 'kill', 'stays']);
    expect(again).toMatchObject({
      status: 1,
      stderr: 'ctr: process already finished: not found\n',
    });
    const { stderr } = await ctr.command(['tasks', 'rm', 'stays']);
    expect(stderr).toContain('exit with non-zero exit code 3');
  });

  promise('kill --all KILL ends every process', async (ctr) => {
    await ctr.detach([], ['sh', '-c', 'sleep 1001 & sleep 1002 & wait']);
    expect(await until(async () => (await ctr.processes()) === 3)).toBe(true);
    await ctr.must(['tasks', 'kill', '--all', '--signal', 'KILL', 'stays']);
    expect(await ctr.status('STOPPED')).toBe('STOPPED');
  });

  promise('pause and resume', async (ctr) => {
    await ctr.detach([], sleeps);
    await ctr.must(['tasks', 'pause', 'stays']);
    expect(await ctr.status('PAUSED')).toBe('PAUSED');
    expect((await ctr.command([...exec('one'), 'stays', 'true'])).status).toBe(1);
    await ctr.must(['tasks', 'resume', 'stays']);
    expect(await ctr.status('RUNNING')).toBe('RUNNING');
  });

  promise('metrics come from the container’s cgroup', async (ctr) => {
    await ctr.detach([], sleeps);
    const names = (text: string) => text.replace(/^(\S+).*$/gm, '$1');
    const stdout = await ctr.must(['tasks', 'metrics', 'stays'], { show: names });
    expect(names(stdout).split('\n')).toEqual(
      expect.arrayContaining(['ID', 'stays', 'METRIC', 'cpu.usage_usec', 'pids.current']),
    );
    const own = readFileSync(`/proc/${await ctr.pid()}/cgroup`, 'utf8')
      .trim()
      .split('\n');
    expect(own.at(-1)).toBe(`0::${ctr.service.view.cgroup}/stays`);
  });

  promise('events tell of the container’s life', async (ctr) => {
    const topicsUntil = await ctr.watch();
    await ctr.foreground([], ['true']);
    const topics = ['create', 'start', 'exit', 'delete'].map((name) => `/tasks/${name}`);
    expect(await topicsUntil('/tasks/delete')).toEqual(topics);
  });

  promise('a checkpoint is refused, and the container stays', async (ctr) => {
    await ctr.detach([], sleeps);
    const image = ['--image-path', ctr.place('image')];
    const { status, stderr } = await ctr.command(['tasks', 'checkpoint', ...image, 'stays']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/checkpoint|criu/i);
    expect(await ctr.status('RUNNING')).toBe('RUNNING');
  });

  promise('containers outlive containerd', async (ctr) => {
    await ctr.detach([], sleeps);
    await ctr.restart();
    expect(await ctr.must([...exec('one'), 'stays', 'echo', 'there'])).toBe('there\n');
    expect(await ctr.status('RUNNING')).toBe('RUNNING');
  });

  promise('a shim that is killed leaves nothing of its container', async (ctr) => {
    await ctr.detach([], sleeps);
    const status = readFileSync(`/proc/${await ctr.pid()}/status`, 'utf8');
    const shim = Number(/^PPid:\t(\d+)/m.exec(status)?.[1]);
    process.kill(shim, 'SIGKILL');
    expect(await ctr.status('')).toBe('');
    // These are the shim's own.
    const fifos = ['', '/stays-stderr', '/stays-stdin', '/stays-stdout'];
    ctr.mayLeave([
      'file /run/containerd/s/ID',
      ...fifos.map((name) => `file /run/containerd/fifo/ID${name}`),
    ]);
  });
});
