// The life of a container under podman: paused, looked at, restarted, health-checked, logged.

import { expect } from '@jest/globals';
import { until } from '../rig/until.js';
import { compared } from './compare.js';
import { podman as caller, type Podman } from './podman.js';

const stays = ['sleep', '1000'];

async function status(podman: Podman): Promise<string> {
  const line = ['inspect', '--format', '{{.State.Status}} {{.State.ExitCode}}', 'stays'];
  return (await podman.command(line)).stdout.trim();
}

compared(caller, 'life', (promise) => {
  promise(
    'pause holds a container still, unpause lets it go on',
    async (podman) => {
      await podman.detach('stays', [], ['sh', '-c', 'while :; do date +%N > /tmp/t; done']);
      expect((await podman.command(['pause', 'stays'])).status).toBe(0);
      expect(await status(podman)).toBe('paused 0');
      // What a paused container cannot do, and what ends it anyway.
      expect((await podman.command(['exec', 'stays', 'true'])).status).toBe(255);
      expect((await podman.command(['unpause', 'stays'])).status).toBe(0);
      expect((await podman.command(['exec', 'stays', 'true'])).status).toBe(0);
      expect((await podman.command(['pause', 'stays'])).status).toBe(0);
      expect((await podman.command(['rm', '--force', '--time', '0', 'stays'])).status).toBe(0);
    },
    { ways: ['root'], telling: true },
  );

  promise(
    'pause holds a container still in a cgroup that was delegated',
    async (podman) => {
      const parent = ['--cgroup-parent', podman.rig.cgroup?.path ?? ''];
      podman.transcript.forget(podman.rig.cgroup?.path ?? '', 'PARENT');
      await podman.detach('stays', parent, stays);
      expect((await podman.command(['pause', 'stays'])).status).toBe(0);
      expect(await status(podman)).toBe('paused 0');
      expect((await podman.command(['unpause', 'stays'])).status).toBe(0);
      expect((await podman.command(['exec', 'stays', 'true'])).status).toBe(0);
    },
    { ways: ['user'], rig: { delegated: true } },
  );

  promise(
    'pause without a cgroup is refused',
    async (podman) => {
      await podman.detach('stays', [], stays);
      const { status, stderr } = await podman.command(['pause', 'stays']);
      expect(status).toBe(125);
      expect(stderr).toMatch(/cgroup/);
      expect(await podman.command(['exec', 'stays', 'true'])).toHaveProperty('status', 0);
    },
    { ways: ['user'] },
  );

  promise('stats and top show the container', async (podman) => {
    await podman.detach('stays', [], stays);
    const line = ['stats', '--no-stream', '--no-reset', '--format', '{{.Name}}', 'stays'];
    expect((await podman.command(line)).stdout).toBe('stays\n');
    const top = await podman.command(['top', 'stays', 'pid', 'user', 'args']);
    expect(top.stdout).toMatch(/^PID +USER +COMMAND\n1 +root +sleep 1000 *\n$/);
  });

  promise(
    'checkpoint is refused clearly',
    async (podman) => {
      await podman.detach('stays', [], stays);
      const { status: code, stderr } = await podman.command(['container', 'checkpoint', 'stays']);
      expect(code).toBe(125);
      expect(stderr).toMatch(/checkpoint/);
      expect(await status(podman)).toBe('running 0');
    },
    { peer: 'none' },
  );

  promise('a health check runs in the container, and says what it found', async (podman) => {
    const flags = ['--health-cmd', 'test -e /tmp/well || { echo ill; false; }'];
    await podman.detach(
      'stays',
      [...flags, '--health-interval', 'disable', '--health-retries', '1'],
      stays,
    );
    const check = () => podman.command(['healthcheck', 'run', 'stays']);
    const health = async () => {
      const line = ['inspect', '--format', '{{.State.Health.Status}}', 'stays'];
      return (await podman.command(line)).stdout.trim();
    };
    expect((await check()).status).toBe(1);
    expect(await health()).toBe('unhealthy');
    await podman.command(['exec', 'stays', 'touch', '/tmp/well']);
    expect((await check()).status).toBe(0);
    expect(await health()).toBe('healthy');
  });

  promise('logs keep both outputs, and --tail chooses', async (podman) => {
    const script = 'echo one; echo two >&2; echo three; printf last';
    await podman.detach('stays', [], ['sh', '-c', script]);
    await podman.command(['wait', 'stays']);
    const logs = (...flags: string[]) => podman.command(['logs', ...flags, 'stays']);
    const all = await logs();
    expect({ out: all.stdout, err: all.stderr.includes('two\n') }).toEqual({
      out: 'one\nthree\nlast',
      err: true,
    });
    await logs('--tail', '2');
  });

  promise('a container is restarted as often as its policy says', async (podman) => {
    const flags = ['--restart', 'on-failure:2'];
    await podman.detach('stays', flags, ['sh', '-c', 'echo again; exit 3']);
    const restarts = async () => {
      const line = ['inspect', '--format', '{{.RestartCount}} {{.State.Status}}', 'stays'];
      const ran = await podman.ask(...line);
      return ran.stdout.trim();
    };
    expect(await until(async () => (await restarts()) === '2 exited', 15_000)).toBe(true);
    expect((await podman.command(['logs', 'stays'])).stdout).toBe('again\nagain\nagain\n');
    expect(await status(podman)).toBe('exited 3');
  });

  promise('it is restarted, copied to and from, and renamed', async (podman) => {
    await podman.detach('stays', [], stays);
    expect((await podman.command(['restart', '--time', '0', 'stays'])).status).toBe(0);
    await podman.command(['exec', 'stays', 'sh', '-c', 'echo inside > /tmp/f']);
    const { dir } = podman.rig;
    expect((await podman.command(['cp', 'stays:/tmp/f', `${dir}/copied`])).status).toBe(0);
    expect((await podman.rig.execute(['cat', `${dir}/copied`])).stdout).toBe('inside\n');
    expect((await podman.command(['cp', `${dir}/copied`, 'stays:/root/back'])).status).toBe(0);
    expect((await podman.command(['exec', 'stays', 'cat', '/root/back'])).stdout).toBe('inside\n');
    expect((await podman.command(['rename', 'stays', 'other'])).status).toBe(0);
    expect((await podman.command(['ps', '--format', '{{.Names}}'])).stdout).toBe('other\n');
  });

  promise('kill sends the signal that it names', async (podman) => {
    const script = 'trap "echo usr1" USR1; echo up; while :; do sleep 0.1; done';
    await podman.detach('stays', [], ['sh', '-c', script]);
    const said = async (text: string) =>
      until(async () => {
        const ran = await podman.ask('logs', 'stays');
        return ran.stdout.includes(text);
      });
    expect(await said('up')).toBe(true);
    expect((await podman.command(['kill', '--signal', 'USR1', 'stays'])).status).toBe(0);
    expect(await said('usr1')).toBe(true);
    expect((await podman.command(['kill', '--signal', 'WOMBAT', 'stays'])).status).toBe(125);
    expect((await podman.command(['kill', '--signal', '9', 'stays'])).status).toBe(0);
    expect((await podman.command(['wait', 'stays'])).stdout).toBe('137\n');
    expect((await podman.command(['kill', 'stays'])).status).toBe(125);
  });

  promise('stop kills what does not heed the signal', async (podman) => {
    await podman.detach(
      'stays',
      ['--stop-signal', 'HUP'],
      ['sh', '-c', 'trap "" HUP TERM; sleep 1000'],
    );
    expect((await podman.command(['stop', '--time', '1', 'stays'])).status).toBe(0);
    expect(await status(podman)).toBe('exited 137');
  });

  promise('exec is detached, privileged, in a terminal, and by another user', async (podman) => {
    await podman.detach('stays', [], stays);
    const exec = (...line: string[]) => podman.command(['exec', ...line]);
    expect((await exec('--tty', 'stays', 'tty')).stdout).toBe('/dev/pts/0\r\n');
    const capabilities = ['grep', 'CapEff', '/proc/self/status'];
    await exec('--privileged', 'stays', ...capabilities);
    await exec('--user', '33', 'stays', ...capabilities);
    await podman.command(['exec', '--detach', 'stays', 'touch', '/tmp/done'], { show: () => '' });
    const done = async () =>
      (await podman.ask('exec', 'stays', 'test', '-e', '/tmp/done')).status === 0;
    expect(await until(done)).toBe(true);
    expect((await exec('stays', 'sh', '-c', 'kill -9 $$')).status).toBe(137);
  });

  promise('--rm leaves nothing, without being asked', async (podman) => {
    await podman.run(['--name', 'gone'], ['true']);
    await podman.detach('ends', ['--rm'], ['sleep', '0.1']);
    const left = async () => {
      const ran = await podman.ask('ps', '--all', '--quiet');
      const pause = podman.rig.leftovers().filter(({ what }) => !what.includes('pause'));
      return ran.stdout === '' && pause.every(({ kind }) => kind === 'process');
    };
    expect(await until(left, 10_000)).toBe(true);
  });

  promise('a failed start leaves no container behind in the runtime', async (podman) => {
    const line = [
      'create',
      '--name',
      'bad',
      '--network',
      'none',
      '--rootfs',
      podman.rootfs,
      'wombat',
    ];
    expect((await podman.command(line, { show: () => '' })).status).toBe(0);
    expect((await podman.command(['start', 'bad'])).status).toBe(125);
    expect((await podman.command(['start', '--attach', 'bad'])).status).toBe(125);
    const files = podman.rig.leftovers().filter(({ kind }) => kind === 'file');
    expect(files).toEqual([]);
  });
});
