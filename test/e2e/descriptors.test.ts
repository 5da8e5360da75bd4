// Descriptors and files between the caller and the container: --preserve-fds, LISTEN_FDS,
// --pid-file, --pidfd-socket.

import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { detached, remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

bothWays('--preserve-fds', (promise) => {
  promise('passes so many on, from 3, and no more', async (rig) => {
    await withFiles(rig, ['one\n', 'two\n', 'three\n'], async (fds) => {
      const bundle = (await rig.bundle()).runs('cat <&3; cat <&4; ls /proc/self/fd');
      const ran = await rig.run(bundle, { fds, flags: ['--preserve-fds', '2'] });
      // 5 is the directory that ls reads.
      expect(ran).toMatchObject({ stdout: 'one\ntwo\n0\n1\n2\n3\n4\n5\n', status: 0 });
    });
  });

  promise('works for create and start, and for exec', async (rig) => {
    await withFiles(rig, ['one\n', 'two\n'], async (fds) => {
      const bundle = (await rig.bundle()).runs('cat <&3; exec sleep 1000 3<&-');
      const id = rig.newId();
      const line = ['create', '-b', bundle.path, '--preserve-fds=1', id];
      const ran = await rig.command(line, { fds });
      await rig.command(['start', id]);
      const more = [
        'exec',
        '--preserve-fds=2',
        id,
        'sh',
        '-c',
        'cat <&4; ls /proc/self/fd | wc -l',
      ];
      expect((await rig.command(more, { fds })).stdout).toBe('two\n6\n');
      expect(ran.outputSoFar()).toBe('one\n');
      await remove(rig, id);
    });
  });

  promise('one that is not open is an error', async (rig) => {
    const bundle = await rig.bundle();
    const { status, stderr } = await rig.run(bundle, { flags: ['--preserve-fds', '40'] });
    expect(status).toBe(1);
    expect(stderr).toMatch(/descriptor \d+ is not open/);
  });
});

bothWays('LISTEN_FDS', (promise) => {
  const asService = (rig: Rig, args: string[]) => {
    const script = 'export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web; exec "$@"';
    return ['sh', '-c', script, 'sh', ...rig.commandLine(), ...args];
  };

  promise('are passed on with LISTEN_PID as the container sees it', async (rig) => {
    await withFiles(rig, ['one\n', 'two\n'], async (fds) => {
      const bundle = (await rig.bundle()).runs('echo $LISTEN_PID $LISTEN_FDS $$; cat <&3; cat <&4');
      bundle.edit(({ process }) => process.env?.push('LISTEN_PID=7', 'LISTEN_FDS=7'));
      const args = ['run', '-b', bundle.path, '--preserve-fds', '1', rig.newId()];
      const ran = await rig.execute(asService(rig, args), { fds });
      expect(ran).toMatchObject({ stdout: '1 1 1\none\ntwo\n', status: 0 });
    });
  });

  promise('are passed on by exec', async (rig) => {
    await withFiles(rig, ['one\n', 'two\n'], async (fds) => {
      const { id, remove } = await detached(rig, await rig.bundle());
      const script = 'echo $(($LISTEN_PID == $$)) $LISTEN_FDS; cat <&3; cat <&4';
      const args = ['exec', '--preserve-fds', '1', id, 'sh', '-c', script];
      const ran = await rig.execute(asService(rig, args), { fds });
      expect(ran).toMatchObject({ stdout: '1 1\none\ntwo\n', status: 0 });
      await remove();
    });
  });

  promise('outlive create, and come with start', async (rig) => {
    await withFiles(rig, ['one\n'], async (fds) => {
      const bundle = (await rig.bundle()).runs('echo $LISTEN_PID $LISTEN_FDS; cat <&3');
      const id = rig.newId();
      const ran = await rig.execute(asService(rig, ['create', '-b', bundle.path, id]), { fds });
      expect(ran.status).toBe(0);
      await rig.command(['start', id]);
      expect(await until(() => ran.outputSoFar() === '1 1\none\n')).toBe(true);
      await remove(rig, id);
    });
  });

  promise('meant for another process are not', async (rig) => {
    await withFiles(rig, ['one\n'], async (fds) => {
      const bundle = (await rig.bundle()).runs('echo "<$LISTEN_PID$LISTEN_FDS>"; ls /proc/self/fd');
      const env = { LISTEN_PID: '1', LISTEN_FDS: '1' };
      expect((await rig.run(bundle, { fds, env })).stdout).toBe('<>\n0\n1\n2\n3\n');
    });
  });
});

bothWays('--pid-file', (promise) => {
  promise('of create holds the pid when create returns', async (rig) => {
    const file = join(rig.directory('out'), 'pid');
    const { id } = await rig.create((await rig.bundle()).runs('true'), ['--pid-file', file]);
    expect(readFileSync(file, 'utf8')).toBe(String((await rig.state(id)).pid));
    await remove(rig, id);
  });

  promise('of run --detach and of exec', async (rig) => {
    const folder = rig.directory('out');
    const flags = ['--pid-file', join(folder, 'run')];
    const { id, pid, remove } = await detached(rig, await rig.bundle(), undefined, flags);
    expect(readFileSync(join(folder, 'run'), 'utf8')).toBe(String(pid));
    const line = ['exec', '--detach', '--pid-file', 'exec', id, 'sleep', '1000'];
    expect((await rig.command(line, { cwd: folder })).status).toBe(0);
    const second = Number(readFileSync(join(folder, 'exec'), 'utf8'));
    expect(second).not.toBe(pid);
    expect(readFileSync(`/proc/${second}/cmdline`, 'utf8')).toBe('sleep\x001000\0');
    await remove();
  });

  promise('that cannot be written: an error, and no container', async (rig) => {
    const bundle = await rig.bundle();
    const line = ['create', '-b', bundle.path, '--pid-file', '/nowhere/pid', rig.newId()];
    const { status, stderr } = await rig.command(line);
    expect(status).toBe(1);
    expect(stderr).toMatch(/--pid-file: \/nowhere\/pid/);
    expect((await rig.command(['list', '-q'])).stdout).toBe('');
  });

  promise('of exec that cannot be written: an error, and nothing has run', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const line = ['exec', '--pid-file', '/nowhere/pid', id, 'touch', '/dev/shm/ran'];
    const { status, stderr } = await rig.command(line);
    expect(status).toBe(255);
    expect(stderr).toMatch(/--pid-file: \/nowhere\/pid/);
    expect((await rig.command(['exec', id, 'ls', '/dev/shm'])).stdout).toBe('');
    await remove();
  });
});

bothWays('--pidfd-socket', (promise) => {
  promise('gets a pidfd of the container’s process', async (rig) => {
    const path = join(rig.directory('out'), 'socket');
    const receiver = rig.launch([rig.program('receive-descriptor'), path]);
    expect(await until(() => existsSync(path))).toBe(true);
    const { id } = await rig.create(await rig.bundle(), ['--pidfd-socket', path]);
    const { pid } = await rig.state(id);
    expect((await receiver.ended).stdout).toMatch(new RegExp(`^received \\S+\nPid:\\s+${pid}\n`));
    await remove(rig, id);
  });

  promise('of exec gets one of its process, and no other of the container', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const folder = rig.directory('out');
    const [path, file] = [join(folder, 'socket'), join(folder, 'pid')];
    const receiver = rig.launch([rig.program('receive-descriptor'), path]);
    expect(await until(() => existsSync(path))).toBe(true);
    const flags = ['--detach', '--pidfd-socket', path, '--pid-file', file];
    expect((await rig.command(['exec', ...flags, id, 'sleep', '1000'])).status).toBe(0);
    const pid = readFileSync(file, 'utf8');
    expect((await receiver.ended).stdout).toMatch(new RegExp(`^received \\S+\nPid:\\s+${pid}\n`));
    await remove();
  });
});

/** Files with these texts, opened as descriptors for a command. */
async function withFiles(
  rig: Rig,
  texts: readonly string[],
  use: (fds: number[]) => Promise<void>,
): Promise<void> {
  const folder = rig.directory('files');
  const fds = texts.map((text, index) => {
    const path = join(folder, String(index));
    writeFileSync(path, text);
    return openSync(path, 'r');
  });
  try {
    await use(fds);
  } finally {
    fds.forEach(closeSync);
  }
}
