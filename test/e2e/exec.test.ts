// `exec`: another process in a running container.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Process } from '../../src/spec/types.js';
import { copyProgram } from '../rig/copied-program.js';
import { procNames } from '../rig/holder.js';
import { detached } from '../rig/inside.js';
import { until } from '../rig/until.js';
import { asRoot, bothWays } from '../rig/ways.js';

bothWays('exec', (promise) => {
  promise('is in the container’s namespaces and root', async (rig) => {
    const { id, pid, remove } = await detached(rig, await rig.bundle());
    const names = Object.values(procNames);
    const script = `for n in ${names.join(' ')}; do readlink /proc/self/ns/$n; done; ls /; cat /proc/1/comm`;
    const { stdout } = await rig.command(['exec', id, 'sh', '-c', script]);
    const host = await rig.execute([
      'sh',
      '-c',
      script.replaceAll('/self/', `/${pid}/`).split('; ls')[0] ?? '',
    ]);
    expect(stdout.startsWith(host.stdout)).toBe(true);
    expect(stdout).toMatch(/\nbin\ndev\netc\n(.*\n)*sleep\n$/);
    await remove();
  });

  promise('gives the exit code; 255 is the runtime’s own failure', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    expect((await rig.command(['exec', id, 'sh', '-c', 'exit 7'])).status).toBe(7);
    expect((await rig.command(['exec', id, 'sh', '-c', 'kill -9 $$'])).status).toBe(137);
    const missing = await rig.command(['exec', id, 'no-such-program']);
    expect(missing.status).toBe(255);
    expect(missing.stderr).toContain('executable file not found in $PATH');
    const none = await rig.command(['exec', id, '/etc']);
    expect([none.status, none.stderr]).toEqual([255, expect.stringContaining('permission denied')]);
    const lost = await rig.command(['exec', '--cwd', '/no/such', id, 'true']);
    expect(lost.status).toBe(255);
    expect(lost.stderr).toMatch(/\/no\/such: .*no such file or directory/);
    await remove();
  });

  promise(
    'has a session keyring of its own, unless the container was made with --no-new-keyring',
    async (rig) => {
      const bundle = await rig.bundle();
      copyProgram('keyring', join(bundle.rootfs, 'bin/keyring'));
      for (const flags of [[], ['--no-new-keyring']]) {
        const { id, remove } = await detached(rig, bundle, undefined, flags);
        const own = async () => (await rig.command(['exec', id, 'keyring'])).stdout;
        const first = await own();
        expect(first).toMatch(/^\d+\n$/);
        expect((await own()) === first).toBe(flags.length > 0);
        await remove();
      }
    },
  );

  promise('has the caller’s standard input and output', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const ran = await rig.command(['exec', id, 'tr', 'a', 'b'], { input: 'aaa\n' });
    expect(ran).toMatchObject({ stdout: 'bbb\n', status: 0 });
    await remove();
  });

  promise('--env and --cwd', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { env: ['PATH=/bin', 'OF=container'] }));
    const { id, remove } = await detached(rig, bundle);
    const flags = ['--env', 'A=1', '-e', 'B=two words', '--cwd', '/dev/shm'];
    const line = ['exec', ...flags, id, 'sh', '-c', 'echo $OF $A $B; pwd; echo $PATH $HOME'];
    expect((await rig.command(line)).stdout).toBe('container 1 two words\n/dev/shm\n/bin /root\n');
    const again = ['exec', '-e', 'OF=exec', '-e', 'HOME=/tmp', id, 'sh', '-c', 'echo $OF $HOME'];
    expect((await rig.command(again)).stdout).toBe('exec /tmp\n');
    for (const entry of ['A', '=A', ''])
      expect(await rig.command(['exec', '--env', entry, id, 'echo', 'ran'])).toMatchObject({
        status: 255,
        stdout: '',
        stderr: expect.stringMatching(/exec: --env: .* does not have the form NAME=value/),
      });
    const relative = await rig.command(['exec', '--cwd', 'tmp', id, 'echo', 'ran']);
    expect(relative).toMatchObject({ status: 255, stdout: '' });
    expect(relative.stderr).toContain('is not an absolute path');
    await remove();
  });

  promise('a flag after the command is the command’s', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const { stdout } = await rig.command(['exec', id, 'echo', '--env', '-t', '--', 'x']);
    expect(stdout).toBe('--env -t -- x\n');
    await remove();
  });

  promise('--process takes the whole process object', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const file = join(rig.directory('out'), 'process.json');
    const process: Process = {
      args: ['/bin/sh', '-c', 'pwd; echo $X; grep NoNew /proc/self/status; umask; exit 4'],
      cwd: '/tmp',
      env: ['X=y'],
      user: { uid: 0, gid: 0, umask: 0o27 },
      noNewPrivileges: false,
    };
    writeFileSync(file, JSON.stringify(process));
    const ran = await rig.command(['exec', '--process', file, id]);
    expect(ran).toMatchObject({ stdout: '/tmp\ny\nNoNewPrivs:\t0\n0027\n', status: 4 });
    await remove();
  });

  promise('--cap adds to the bounding, effective and permitted sets only', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const caps = async (...flags: string[]) =>
      sets((await rig.command(['exec', ...flags, id, 'grep', 'Cap', '/proc/self/status'])).stdout);
    const plain = await caps();
    const more = await caps('--cap', 'CAP_CHOWN', '-c', 'CAP_NET_ADMIN');
    const added = 1 + 2 ** 12;
    expect(more).toEqual({
      CapInh: plain['CapInh'],
      CapAmb: plain['CapAmb'],
      CapBnd: Number(plain['CapBnd']) + added,
      CapEff: Number(plain['CapEff']) + added,
      CapPrm: Number(plain['CapPrm']) + added,
    });
    await remove();
  });

  promise('--no-new-privs', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { noNewPrivileges: false }));
    const { id, remove } = await detached(rig, bundle);
    const look = [id, 'grep', 'NoNew', '/proc/self/status'];
    expect((await rig.command(['exec', ...look])).stdout).toBe('NoNewPrivs:\t0\n');
    expect((await rig.command(['exec', '--no-new-privs', ...look])).stdout).toBe(
      'NoNewPrivs:\t1\n',
    );
    await remove();
  });

  promise('--detach returns at once, and the process goes on', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const file = join(rig.directory('out'), 'pid');
    const line = ['exec', '-d', '--pid-file', file, id, 'sleep', '1000'];
    expect(await rig.command(line)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const pids = JSON.parse((await rig.command(['ps', '-f', 'json', id])).stdout);
    expect(pids).toContain(Number(readFileSync(file, 'utf8')));
    await remove();
  });

  promise('is in the container’s cgroup', async (rig) => {
    const { id, pid, remove } = await detached(rig, await rig.bundle());
    const file = join(rig.directory('out'), 'pid');
    await rig.command(['exec', '-d', '--pid-file', file, id, 'sleep', '1000']);
    const cgroup = (of: number | string) => readFileSync(`/proc/${of}/cgroup`, 'utf8');
    expect(cgroup(readFileSync(file, 'utf8'))).toBe(cgroup(pid));
    await remove();
  });

  promise('signals to a foreground exec reach its process', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const script = 'trap "exit 33" TERM; echo ready; while :; do sleep 0.02; done';
    const running = rig.start(['exec', id, 'sh', '-c', script]);
    expect(await until(() => running.outputSoFar() === 'ready\n')).toBe(true);
    running.signal('SIGTERM');
    expect((await running.ended).status).toBe(33);
    await remove();
  });

  promise('in a container that is created, before its program runs', async (rig) => {
    const { id } = await rig.create((await rig.bundle()).runs('echo later'));
    const { stdout, status } = await rig.command(['exec', id, 'echo', 'earlier']);
    expect({ stdout, status }).toEqual({ stdout: 'earlier\n', status: 0 });
    expect((await rig.command(['delete', '--force', id])).status).toBe(0);
  });
});

asRoot('exec in a container with many ids', (promise) => {
  for (const userNamespace of [false, true]) {
    promise(
      `--user and --additional-gids ${userNamespace ? '(user namespace)' : ''}`,
      async (rig) => {
        const bundle = await rig.bundle();
        const map = [{ containerID: 0, hostID: 0, size: 65536 }];
        if (userNamespace) {
          bundle.edit(({ linux }) => {
            linux.namespaces.push({ type: 'user' });
            Object.assign(linux, { uidMappings: map, gidMappings: map });
          });
        }
        const { id, remove } = await detached(rig, bundle);
        const ids = async (...flags: string[]) =>
          (await rig.command(['exec', ...flags, id, 'sh', '-c', 'id -u; id -g; id -G'])).stdout;
        expect(await ids('--user', '1000')).toBe('1000\n0\n0\n');
        expect(await ids('-u', '1000:1001')).toBe('1000\n1001\n1001\n');
        expect(await ids('-u', '1:2', '-g', '5', '--additional-gids', '6')).toBe('1\n2\n2 5 6\n');
        const wrong = await rig.command(['exec', '--user', '1000x', id, 'id']);
        expect([wrong.status, wrong.stderr]).toEqual([255, expect.stringContaining('1000x')]);
        await remove();
      },
    );
  }
});

function sets(status: string): Record<string, number> {
  const found = [...status.matchAll(/^(Cap\w+):\s+([0-9a-f]+)$/gm)];
  return Object.fromEntries(found.map(([, name, set]) => [name, Number.parseInt(set ?? '', 16)]));
}

bothWays('exec in a container without a mount namespace', (promise) => {
  for (const own of [['pid' as const], []]) {
    promise(`has the container’s root (${own.join('') || 'no'} namespace)`, async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit((config) => {
        config.mounts = [];
        delete config.hostname;
        // An ordinary user has none without a user namespace.
        const user = config.linux.namespaces.filter(({ type }) => type === 'user');
        config.linux.namespaces = [...user, ...own.map((type) => ({ type }))];
        config.root.readonly = false;
        Object.assign(config.linux, { maskedPaths: [], readonlyPaths: [] });
      });
      const { id, remove } = await detached(rig, bundle);
      writeFileSync(join(bundle.path, 'rootfs/mark'), 'in the container\n');
      const look = ['exec', '--cwd', '/etc', id, 'sh', '-c', 'cat /mark; pwd; ls ..'];
      const { stdout, stderr, status } = await rig.command(look);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^in the container\n\/etc\nbin\ndev\netc\n/);
      await remove();
    });
  }
});
