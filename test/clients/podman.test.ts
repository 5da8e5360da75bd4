// podman and conmon with this runtime: what people type, and what they get.

import { expect } from '@jest/globals';
import { compared } from './compare.js';
import { podman as caller } from './podman.js';

compared(caller, 'run', (promise) => {
  promise(
    'run gives the output and the status of the program',
    async (podman) => {
      const { status, stdout } = await podman.run([], ['sh', '-c', 'echo hello; exit 7']);
      expect({ status, stdout }).toEqual({ status: 7, stdout: 'hello\n' });
    },
    { telling: true },
  );

  promise('run -t gives a terminal', async (podman) => {
    expect((await podman.run(['-t'], ['tty'])).stdout).toBe('/dev/pts/0\r\n');
  });

  promise(
    'a program that is not there is status 127, one that may not be run 126',
    async (podman) => {
      const absent = await podman.run([], ['wombat']);
      expect(absent.stderr).toMatch(/executable file .*not found in \$PATH/);
      expect(absent.status).toBe(127);
      expect((await podman.run([], ['/etc/passwd'])).status).toBe(126);
      await podman.detach('stays', [], ['sleep', '1000']);
      expect((await podman.command(['exec', 'stays', 'wombat'])).status).toBe(127);
      expect((await podman.command(['exec', 'stays', '/etc/passwd'])).status).toBe(126);
    },
    { telling: true },
  );

  promise('exec takes a user, a directory, variables and the input', async (podman) => {
    await podman.detach('stays', [], ['sleep', '1000']);
    const flags = ['--interactive', '--user', '33:44', '--workdir', '/tmp', '--env', 'A=b'];
    const script = 'id -u; id -g; pwd; echo $A; cat; exit 9';
    const line = ['exec', ...flags, 'stays', 'sh', '-c', script];
    const { status, stdout } = await podman.command(line, { input: 'typed\n' });
    expect({ status, lines: stdout.trim().split('\n') }).toEqual({
      status: 9,
      lines: ['33', '44', '/tmp', 'b', 'typed'],
    });
  });

  promise(
    'a container is stopped by its signal, and started again',
    async (podman) => {
      const script = 'trap "echo asked; exit 3" TERM; echo up; while :; do sleep 0.1; done';
      await podman.detach('stays', [], ['sh', '-c', script]);
      const of = async (...args: string[]) => (await podman.command(args)).stdout.trim();
      const state = () =>
        of('inspect', '--format', '{{.State.Status}} {{.State.ExitCode}}', 'stays');
      expect(await state()).toBe('running 0');
      expect(await of('stop', '--time', '10', 'stays')).toBe('stays');
      expect(await state()).toBe('exited 3');
      expect(await of('start', 'stays')).toBe('stays');
      expect(await state()).toBe('running 0');
      expect(await of('kill', 'stays')).toBe('stays');
      expect(await of('wait', 'stays')).toBe('137');
      expect(await of('logs', 'stays')).toBe('up\nasked\nup');
    },
    { telling: true },
  );

  promise('containers share namespaces', async (podman) => {
    await podman.detach('stays', ['--hostname', 'shared'], ['sleep', '1000']);
    const flags = ['pid', 'ipc', 'uts'].flatMap((name) => [`--${name}`, 'container:stays']);
    const script = 'hostname; cat /proc/1/comm';
    // Nothing shared is left to chance: the order of what init and its parent say once was.
    for (let time = 0; time < 4; time++) {
      const { stdout, stderr } = await podman.run(flags, ['sh', '-c', script]);
      expect({ stdout, stderr }).toEqual({ stdout: 'shared\nsleep\n', stderr: '' });
    }
  });

  promise('volumes, a read-only root and a tmpfs are as asked for', async (podman) => {
    const volume = podman.rig.directory('volume');
    const flags = ['--read-only', '--tmpfs', '/t:size=1m', '--volume', `${volume}:/v:ro`];
    const tries = ['/root/x', '/v/x', '/t/x'].map((path) => `touch ${path} 2>&1`);
    const { stdout } = await podman.run(flags, ['sh', '-c', tries.join('; ')]);
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringContaining('/root/x: Read-only file system'),
      expect.stringContaining('/v/x: Read-only file system'),
    ]);
  });

  promise('the options of a named volume are not those of a mount', async (podman) => {
    for (const option of ['copy', 'nocopy']) {
      const script = 'test -d /v && echo there';
      const { stdout } = await podman.run(['-v', `${option}:/v:${option}`], ['sh', '-c', script]);
      expect(stdout).toBe('there\n');
    }
  });

  promise('privileges are taken away', async (podman) => {
    const flags = ['--cap-drop', 'all', '--security-opt', 'no-new-privileges', '--user', '33'];
    const fields = ['grep', '-E', 'Cap(Eff|Bnd)|NoNewPrivs|Seccomp:', '/proc/self/status'];
    const { stdout } = await podman.run(flags, fields);
    expect(stdout.replace(/\t/g, ' ').trim().split('\n')).toEqual([
      'CapEff: 0000000000000000',
      'CapBnd: 0000000000000000',
      'NoNewPrivs: 1',
      'Seccomp: 2',
    ]);
  });

  promise('--privileged gives what the caller has', async (podman) => {
    const script = 'mount -t tmpfs none /tmp && echo mounted; grep -c " /proc/" /proc/mounts';
    const { stdout } = await podman.run(['--privileged'], ['sh', '-c', script]);
    expect(stdout).toBe('mounted\n0\n');
  });

  promise(
    '--cgroups=disabled makes none',
    async (podman) => {
      const own = 'tail -n 1 /proc/self/cgroup';
      const flags = ['--cgroups', 'disabled', '--cgroupns', 'host'];
      const { status, stdout, stderr } = await podman.run(flags, ['sh', '-c', own]);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).not.toContain('libpod');
    },
    { peer: 'crun' },
  );

  promise('--hostname, --umask and --oom-score-adj hold', async (podman) => {
    const flags = ['--hostname', 'boat', '--umask', '0077', '--oom-score-adj', '500'];
    const script = 'hostname; umask; cat /proc/self/oom_score_adj';
    const { stdout } = await podman.run(flags, ['sh', '-c', script]);
    expect(stdout).toBe('boat\n0077\n500\n');
  });
});
