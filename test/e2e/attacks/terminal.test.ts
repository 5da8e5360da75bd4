// A container at its caller's terminal cannot type for the caller, nor paint for it before it runs.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { copyProgram } from '../../rig/copied-program.js';
import { amRoot, ordinaryUser } from '../../rig/identity.js';
import { detached } from '../../rig/inside.js';
import { bothWays } from '../../rig/ways.js';

/** Where this is 0, the kernel itself refuses TIOCSTI (Linux 6.2 and newer) and shows nothing. */
const pushable = (() => {
  try {
    return readFileSync('/proc/sys/dev/tty/legacy_tiocsti', 'utf8').trim() === '1';
  } catch {
    return true;
  }
})();

bothWays('CVE-2017-5226: typing into the caller’s terminal', (promise) => {
  promise('a container has a session of its own without that terminal', async (rig) => {
    const bundle = await rig.bundle();
    copyProgram('push-into-terminal', join(bundle.rootfs, 'bin/push'));
    const terminal = await rig.terminal([
      'run',
      '-b',
      bundle.runs(['push', 'x']).path,
      rig.newId(),
    ]);
    const screen = await terminal.shows('[ended with 0]');
    expect(screen).toMatch(/^terminal No such device or address$/m);
    expect(screen).toMatch(/^session own$/m);
  });

  promise.needs(pushable, 'this kernel gives TIOCSTI to nobody')(
    'nothing that it pushes arrives there',
    async (rig) => {
      const bundle = await rig.bundle();
      const push = copyProgram('push-into-terminal', join(bundle.rootfs, 'bin/push'));
      // The test can fail: outside of a container it works.
      const control = await rig.openTerminal([push, 'typed']);
      expect(await control.shows('[ended with 0]')).toMatch(/stdin PUSHED$/m);
      bundle.runs(['push', 'typed']);
      const terminal = await rig.terminal(['run', '-b', bundle.path, rig.newId()]);
      const screen = await terminal.shows('[ended with 0]');
      expect(screen).toMatch(/^stdin refused: Operation not permitted$/m);
      expect(screen).not.toMatch(/PUSHED|typed/);
    },
  );
});

/** A user that the container has, and the caller is not. */
const other = { uid: 1000, gid: 1000 };
const mapped = amRoot || ordinaryUser().subuid !== undefined;

bothWays('the caller’s terminal given to the container’s user', (promise) => {
  promise.needs(mapped, 'the user has no subordinate ids')(
    'stays the caller’s, by run and by exec',
    async (rig) => {
      const bundle = await rig.bundle();
      if (rig.identity.uid !== 0) bundle.useIdRanges();
      bundle.edit(({ process }) => Object.assign(process, { user: other }));
      const { id, remove } = await detached(rig, bundle);
      const owner = 'stat -L -c "owner %u" /proc/self/fd/0';
      const run = [...rig.commandLine(), 'run', '-b', bundle.runs('test -t 0').path, rig.newId()];
      const exec = [...rig.commandLine(), 'exec', id, 'test', '-t', '0'];
      for (const command of [run, exec]) {
        const script = `${owner}; "$@"; echo $?; ${owner}`;
        const terminal = await rig.openTerminal(['sh', '-c', script, 'sh', ...command]);
        const screen = await terminal.shows('[ended with 0]');
        const [before, status, after] = screen.split('\n');
        expect([status, after]).toEqual(['0', before]);
      }
      await remove();
    },
  );
});

bothWays('a name in the image that a terminal obeys', (promise) => {
  promise('is written out in errors, and makes no second line of the log', async (rig) => {
    const bundle = await rig.bundle();
    mkdirSync(join(bundle.rootfs, 'data'));
    for (const letter of ['a', 'b', 'c']) {
      writeFileSync(join(bundle.rootfs, 'data', `${letter}\u001b]0;EVIL\u0007\nlevel=info`), '');
    }
    // Of the three files one has no room, and is named.
    const options = ['tmpcopyup', 'nr_inodes=2'];
    bundle.edit(({ mounts }) => {
      mounts.push({ destination: '/data', type: 'tmpfs', source: 'x', options });
    });
    const log = join(rig.dir, 'log');
    const { status, stderr } = await rig.command([
      ...['--log', log, 'run', '-b', bundle.path],
      rig.newId(),
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^[^\p{Cc}]*[abc]\\x1b\]0;EVIL\\x07\\nlevel=info: [^\p{Cc}]*\n$/u);
    expect(readFileSync(log, 'utf8').trimEnd().split('\n')).toHaveLength(1);
  });

  promise('nor is one in what is told of a container, and by its hooks', async (rig) => {
    const path = join(rig.dir, 'bundle\u001b[31m\u009b31m');
    const bundle = (await rig.bundle()).runs('sleep 100');
    symlinkSync(bundle.path, path);
    bundle.edit((config) => {
      const args = ['sh', '-c', 'printf "\\033[31m\\302\\23331m"; exit 3'];
      config.hooks = { poststop: [{ path: '/bin/sh', args }, { path: `${path}/none` }] };
      Object.assign(config, { annotations: { 'a\u009b': '\u007f' } });
    });
    const id = rig.newId();
    await rig.command(['run', '--detach', '-b', path, id]);
    const state = await rig.command(['state', id]);
    expect(JSON.parse(state.stdout)).toMatchObject({
      bundle: path,
      annotations: { 'a\u009b': '\u007f' },
    });
    const told = [state];
    for (const line of [['list'], ['list', '-f', 'json'], ['audit', '-f', 'json', id]])
      told.push(await rig.command(line));
    told.push(await rig.command(['delete', '--force', id]));
    bundle.runs('true');
    told.push(await rig.command(['run', '-b', path, rig.newId()]));
    for (const { stdout, stderr } of told) expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
    for (const { stderr } of told.slice(-2)) expect(stderr).toMatch(/sh.*\n.*none/);
  });
});
