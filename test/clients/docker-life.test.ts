// Docker Engine with this runtime: containers that stay, and what is done to them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { asRoot } from './as-root.js';
import { docker as caller, dockers } from './docker.js';

afterAll(() => dockers.end());

const sleeps = ['sleep', '1000'];
const asked = ['sh', '-c', 'trap "echo asked; exit 3" TERM; echo up; while :; do sleep 0.1; done'];

asRoot(caller, 'exec', (promise) => {
  promise(
    'exec gives the output and the status, and takes a user, a directory and variables',
    async (docker) => {
      await docker.detach([], sleeps);
      const flags = ['-i', '--user', '33:44', '--workdir', '/tmp', '--env', 'A=b'];
      const script = 'id -u; id -g; pwd; echo $A; cat; echo oops >&2; exit 9';
      const line = ['exec', ...flags, 'stays', 'sh', '-c', script];
      const ran = await docker.command(line, { input: 'typed\n' });
      expect(ran).toMatchObject({
        status: 9,
        stdout: '33\n44\n/tmp\nb\ntyped\n',
        stderr: 'oops\n',
      });
    },
    { telling: true },
  );

  promise(
    'exec -t gives a terminal, and no more capabilities than the container has',
    async (docker) => {
      await docker.detach([], sleeps);
      const screen = await docker.terminal(['exec', '-it', 'stays', 'sh', '-c', 'tty; exit 5']);
      expect(screen).toBe('/dev/pts/0\n[ended with 5]');
      const caps = ['grep', '-E', 'CapEff', '/proc/self/status'];
      expect(await docker.must('exec', 'stays', ...caps)).toContain('00000000a80425fb');
    },
  );

  promise('exec of what is not there is told, and the container stays', async (docker) => {
    await docker.detach([], sleeps);
    const { view, docker: words } = docker.service;
    // Not put down: the event of the exit (255) may overtake Docker's own answer (126).
    const exec = async (...args: string[]) => {
      const { status, stdout, stderr } = await view.execute([...words, 'exec', ...args]);
      expect([126, 255]).toContain(status);
      return stdout + stderr;
    };
    expect(await exec('stays', 'wombat')).toMatch(/"wombat": executable file not found in \$PATH/);
    expect(await exec('stays', '/etc')).toMatch(/"\/etc": permission denied/);
    expect(await exec('-w', '/no', 'stays', 'true')).toMatch(/\/no\b.*no such file or directory/);
    expect(await docker.must('exec', 'stays', 'echo', 'there')).toBe('there');
  });

  promise('exec --detach goes on by itself', async (docker) => {
    await docker.detach([], sleeps);
    await docker.must('exec', '--detach', 'stays', 'sh', '-c', 'sleep 0.2; echo done > /done');
    await docker.must('exec', 'stays', 'sh', '-c', 'until test -e /done; do sleep 0.1; done');
  });

  promise('files are copied in and out, a change is seen and kept', async (docker) => {
    await docker.detach([], sleeps);
    await docker.must('exec', 'stays', 'sh', '-c', 'echo made > /made');
    const place = docker.place('copied');
    await docker.must('cp', 'stays:/made', place);
    expect(readFileSync(join(place, 'made'), 'utf8')).toBe('made\n');
    await docker.must('cp', join(place, 'made'), 'stays:/tmp/again');
    const sorted = (text: string) => text.trim().split('\n').sort().join('\n');
    const diff = await docker.command(['diff', 'stays'], { show: sorted });
    expect(sorted(diff.stdout).split('\n')).toEqual(['A /made', 'A /tmp/again', 'C /tmp']);
    // It is paused meanwhile.
    await docker.command(['commit', 'stays', 'localhost/kept'], { show: () => '' });
    const run = ['run', '--rm', '--network', 'none', 'localhost/kept', 'cat', '/made'];
    expect(await docker.must(...run)).toBe('made');
    await docker.command(['rmi', 'localhost/kept'], { show: () => '' });
  });
});

asRoot(caller, 'life', (promise) => {
  promise(
    'a container is stopped by its signal, started again, killed and waited for',
    async (docker) => {
      await docker.detach([], asked);
      expect(await docker.logs('up')).toBe('up\n');
      await docker.must('stop', '-t', '10', 'stays');
      expect(await docker.field('State.ExitCode', '3')).toBe('3');
      await docker.must('start', 'stays');
      expect(await docker.field('State.Status', 'running')).toBe('running');
      await docker.must('kill', 'stays');
      expect(await docker.must('wait', 'stays')).toBe('137');
      expect(await docker.must('logs', 'stays')).toBe('up\nasked\nup');
      const again = await docker.command(['kill', 'stays']);
      expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('is not running') });
    },
    { telling: true },
  );

  promise('one that does not listen is killed when its time is up', async (docker) => {
    await docker.detach(['--stop-signal', 'USR1'], ['sh', '-c', 'trap "" USR1; sleep 1000']);
    await docker.must('stop', '-t', '1', 'stays');
    expect(await docker.field('State.ExitCode', '137')).toBe('137');
  });

  promise('a signal by its name or number reaches the program', async (docker) => {
    const script = 'trap "echo one" USR1; trap "exit 4" 12; echo up; while :; do sleep 0.1; done';
    await docker.detach([], ['sh', '-c', script]);
    await docker.logs('up');
    await docker.must('kill', '--signal', 'USR1', 'stays');
    await docker.logs('one');
    await docker.must('kill', '--signal', '12', 'stays');
    expect(await docker.must('wait', 'stays')).toBe('4');
  });

  promise('logs keep output and errors apart', async (docker) => {
    await docker.detach([], ['sh', '-c', 'echo out; echo err >&2']);
    await docker.must('wait', 'stays');
    const logs = await docker.command(['logs', 'stays']);
    expect(logs).toMatchObject({ status: 0, stdout: 'out\n', stderr: 'err\n' });
  });

  promise('a failing container is restarted as often as asked for', async (docker) => {
    await docker.detach(['--restart', 'on-failure:2'], ['sh', '-c', 'echo again; exit 6']);
    expect(await docker.field('RestartCount', '2')).toBe('2');
    expect(await docker.field('State.Status', 'exited')).toBe('exited');
    expect(await docker.field('State.ExitCode', '6')).toBe('6');
    expect(await docker.must('logs', 'stays')).toBe('again\nagain\nagain');
  });

  promise('restart ends and starts it', async (docker) => {
    await docker.detach([], asked);
    await docker.logs('up');
    await docker.must('restart', '-t', '10', 'stays');
    expect(await docker.logs('asked\nup')).toBe('up\nasked\nup\n');
  });

  promise('pause and unpause', async (docker) => {
    await docker.detach([], sleeps);
    await docker.must('pause', 'stays');
    expect(await docker.field('State.Status', 'paused')).toBe('paused');
    const exec = await docker.command(['exec', 'stays', 'true']);
    expect(exec).toMatchObject({ status: 1, stderr: expect.stringContaining('is paused') });
    await docker.must('unpause', 'stays');
    expect(await docker.must('exec', 'stays', 'echo', 'there')).toBe('there');
  });

  promise('a paused container is killed', async (docker) => {
    await docker.detach([], sleeps);
    await docker.must('pause', 'stays');
    await docker.must('rm', '--force', 'stays');
  });

  promise('health checks say how it is', async (docker) => {
    const flags = ['--health-cmd', 'test -e /well', '--health-interval', '300ms'];
    await docker.detach([...flags, '--health-retries', '2'], sleeps);
    expect(await docker.field('State.Health.Status', 'unhealthy')).toBe('unhealthy');
    await docker.must('exec', 'stays', 'touch', '/well');
    expect(await docker.field('State.Health.Status', 'healthy')).toBe('healthy');
  });

  promise('stats, top and inspect show it', async (docker) => {
    await docker.detach(['--hostname', 'boat'], sleeps);
    const stats = await docker.must('stats', '--no-stream', '--format', '{{.Name}} {{.NetIO}}');
    expect(stats).toBe('stays 0B / 0B');
    const top = await docker.command(['top', 'stays', '-o', 'pid,args'], { show: () => '' });
    expect(top.stdout).toMatch(/^PID +COMMAND\n\d+ +sleep 1000\n$/);
    expect(await docker.must('inspect', '--format', '{{.HostConfig.Runtime}}', 'stays')).toBe(
      'tested',
    );
  });

  promise('update is carried out, and the container stays', async (docker) => {
    await docker.detach([], sleeps);
    expect(await docker.must('update', '--restart', 'no', 'stays')).toBe('stays');
    expect(await docker.must('exec', 'stays', 'echo', 'there')).toBe('there');
  });

  promise('events tell of the container’s life', async (docker) => {
    const since = String(Date.now() / 1000);
    await docker.foreground(['--name', 'stays'], ['sh', '-c', 'exit 4']);
    const until = String(Date.now() / 1000 + 0.2);
    const format = '{{.Action}}{{with .Actor.Attributes.exitCode}} {{.}}{{end}}';
    const { view, docker: words } = docker.service;
    const line = ['events', '--since', since, '--until', until, '--filter', 'type=container'];
    const { stdout } = await view.execute([...words, ...line, '--format', format]);
    expect(stdout.trim().split('\n')).toEqual(['create', 'attach', 'start', 'die 4', 'destroy']);
  });

  promise('a checkpoint is refused, and the container stays', async (docker) => {
    await docker.detach([], sleeps);
    const { status, stderr } = await docker.command(['checkpoint', 'create', 'stays', 'one']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/checkpoint|criu/i);
    expect(await docker.must('exec', 'stays', 'echo', 'there')).toBe('there');
  });

  promise('containers outlive the daemon', async (docker) => {
    await docker.detach([], asked);
    await docker.logs('up');
    await docker.restart();
    expect(await docker.must('exec', 'stays', 'echo', 'there')).toBe('there');
    await docker.must('stop', '-t', '10', 'stays');
    expect(await docker.must('wait', 'stays')).toBe('3');
    expect(await docker.must('logs', 'stays')).toBe('up\nasked');
  });

  promise('a shim that is killed leaves nothing of its container', async (docker) => {
    await docker.detach([], sleeps);
    const shim = Number(/^PPid:\t(\d+)/m.exec(await docker.proc('status'))?.[1]);
    process.kill(shim, 'SIGKILL');
    expect(await docker.field('State.Status', 'exited')).toBe('exited');
    await docker.must('start', 'stays');
    expect(await docker.must('exec', 'stays', 'echo', 'there')).toBe('there');
  });

  promise('one that is created and never started is removed', async (docker) => {
    await docker.command(['create', '--name', 'stays', '--network', 'none', 'localhost/box'], {
      show: () => '',
    });
    expect(await docker.must('rm', 'stays')).toBe('stays');
  });
});
