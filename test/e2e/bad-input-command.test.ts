// Command lines that cannot be carried out: ids, flags, descriptors, sockets.

import { chownSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { detached, remove } from '../rig/inside.js';
import { onlyLine, refusal } from '../rig/refusal.js';
import { bothWays } from '../rig/ways.js';

const badIds = [
  '..',
  '.',
  '.hidden',
  'a/b',
  '/a',
  'a b',
  'a\nb',
  'ä',
  '',
  '../../etc',
  'x'.repeat(256),
];

bothWays('an id', (promise) => {
  promise('that cannot be a file name is refused by every command', async (rig) => {
    const bundle = await rig.bundle();
    for (const id of badIds) {
      const line = await refusal(rig, ['run', '-b', bundle.path, id]);
      expect(line).toMatch(/^container id ".*": (invalid id format|longer than 255 characters); /);
    }
    for (const verb of ['start', 'state', 'kill', 'delete', 'ps']) {
      expect(await refusal(rig, [verb, '../x'])).toMatch(
        /^container id "\.\.\/x": invalid id format/,
      );
    }
    const execLine = await refusal(rig, ['exec', '../x', 'ls'], { status: 255 });
    expect(execLine).toMatch(/^container id "\.\.\/x": invalid id format/);
  });

  promise('of 255 characters is fine, as is every character that is allowed', async (rig) => {
    const bundle = await rig.bundle();
    for (const id of [`${rig.token}${'x'.repeat(255 - rig.token.length)}`, `_${rig.token}+-.9`]) {
      expect((await rig.run(bundle, { id })).status).toBe(0);
    }
  });

  promise('in use is refused, and its container goes on', async (rig) => {
    const bundle = await rig.bundle();
    const { id, pid } = await detached(rig, bundle);
    for (const verb of ['run', 'create']) {
      const ran = await rig.command([verb, '-b', bundle.path, id]);
      expect(ran.status).toBe(1);
      expect(onlyLine(ran)).toBe(
        `create: container with id "${id}" already exists; choose another id, or remove it: sampan delete --force ${id}`,
      );
    }
    expect(await rig.state(id)).toMatchObject({ status: 'running', pid });
    const notStopped = await rig.command(['delete', id]);
    expect(onlyLine(notStopped)).toMatch(/that is not stopped: running; .*delete --force$/);
    await remove(rig, id);
  });

  promise('that is not known is told in the words that callers look for', async (rig) => {
    for (const verb of ['start', 'state', 'kill', 'delete', 'ps']) {
      expect(await refusal(rig, [verb, 'nobody'])).toContain('container "nobody" does not exist');
    }
    const line = await refusal(rig, ['exec', 'nobody', 'ls'], { status: 255 });
    expect(line).toMatch(/container "nobody" does not exist; it is looked for in \/.*--root$/);
    expect(await rig.command(['delete', '--force', 'nobody'])).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});

const lines: Record<string, readonly [args: string[], message: RegExp]> = {
  'an unknown command': [['rn', 'x'], /^sampan: rn: unknown command; did you mean run$/],
  'an unknown flag': [['run', '--detatch', 'x'], /^run: --detatch: unknown flag; .*--detach/],
  'an unknown global flag': [['--rot', '/x', 'run', 'x'], /^sampan: --rot: unknown flag; .*--root/],
  'no id': [['run'], /^run: argument container-id is missing; usage: sampan run /],
  'one word too many': [['state', 'a', 'b'], /^state: .*\bb\b.*; usage: sampan state /],
  'a number that is a word': [['run', '--preserve-fds', 'x', 'x'], /--preserve-fds: .* got "x"/],
  'a number with a letter after it': [['run', '--preserve-fds', '1x', 'x'], /got "1x"/],
  'a negative number': [['run', '--preserve-fds=-1', 'x'], /got "-1"/],
  'a number beyond all limits': [['run', '--preserve-fds', '99999999', 'x'], /from 0 to \d+/],
  'a flag without its value': [['run', 'x', '--bundle'], /^run: --bundle: .*(value|DIR)/],
  'an unknown log format': [['--log-format', 'xml', 'list'], /--log-format: .*text, json/],
  'a signal that there is not': [['kill', 'x', 'SIGNOPE'], /^kill: "SIGNOPE": unknown signal; /],
  'a log in a folder that is not there': [
    ['--log', '/nowhere/log', 'list'],
    /^open the log: \/nowhere\/log: open: no such file or directory \(ENOENT\)/,
  ],
};

bothWays('a command line', (promise) => {
  promise('that cannot be understood is told by the word that is wrong', async (rig) => {
    for (const [args, message] of Object.values(lines)) {
      expect(await refusal(rig, args)).toMatch(message);
    }
  });
});

bothWays('a descriptor to preserve', (promise) => {
  promise('that is not open is refused, whatever the engine has there', async (rig) => {
    const bundle = await rig.bundle();
    const file = openSync('/dev/null', 'r');
    try {
      for (const [fds, count] of [
        [[], 1],
        [[], 40],
        [[file], 2],
      ] as const) {
        const args = ['run', '-b', bundle.path, '--preserve-fds', String(count), 'x'];
        const line = await refusal(rig, args, { fds });
        expect(line).toContain(`descriptor ${3 + fds.length} is not open`);
        expect(line).toContain('--preserve-fds');
      }
    } finally {
      closeSync(file);
    }
  });

  promise('of LISTEN_FDS that is not open is refused by that name', async (rig) => {
    const bundle = await rig.bundle();
    const script = 'export LISTEN_PID=$$ LISTEN_FDS=2; exec "$@"';
    const line = ['sh', '-c', script, 'sh', ...rig.commandLine(), 'run', '-b', bundle.path, 'x'];
    const ran = await rig.execute(line);
    expect(ran.status).toBe(1);
    expect(onlyLine(ran)).toMatch(/LISTEN_FDS: descriptor 3 is not open/);
  });

  promise('of LISTEN_FDS that is no number is refused', async (rig) => {
    const bundle = await rig.bundle();
    for (const count of ['-1', '1.5', '1x', '0x1']) {
      const script = `export LISTEN_PID=$$ LISTEN_FDS=${count}; exec "$@"`;
      const line = ['sh', '-c', script, 'sh', ...rig.commandLine(), 'run', '-b', bundle.path, 'x'];
      const ran = await rig.execute(line);
      expect(onlyLine(ran)).toMatch(/pass on LISTEN_FDS: ".*" is no number/);
    }
  });
});

bothWays('a socket or file to tell', (promise) => {
  promise('--console-socket that is not there: one line, no container', async (rig) => {
    const bundle = await rig.bundle();
    const socket = join(rig.dir, 'nowhere.sock');
    const flags = ['--console-socket', socket];
    expect(await refusal(rig, ['create', '-b', bundle.path, ...flags, 'x'])).toMatch(
      /nowhere\.sock: a console socket was given, but the process has no terminal; /,
    );
    bundle.edit(({ process }) => Object.assign(process, { terminal: true }));
    for (const command of [['create'], ['run', '--detach']]) {
      const line = await refusal(rig, [...command, '-b', bundle.path, ...flags, 'x']);
      expect(line).toBe(
        `connect to --console-socket: ${socket}: connect: no such file or directory (ENOENT); who is to receive it must listen there before`,
      );
      expect(await refusal(rig, [...command, '-b', bundle.path, 'x'])).toMatch(
        /no console socket; give --console-socket, or set process\.terminal to false$/,
      );
    }
    writeFileSync(socket, '');
    chownSync(socket, rig.identity.uid, rig.identity.gid);
    expect(await refusal(rig, ['create', '-b', bundle.path, ...flags, 'x'])).toContain(
      `${socket}: connect: connection refused (ECONNREFUSED)`,
    );
  });

  promise('--pidfd-socket that is not there: one line, no container', async (rig) => {
    const bundle = await rig.bundle();
    const flags = ['--pidfd-socket', '/nowhere/sock'];
    const line = await refusal(rig, ['create', '-b', bundle.path, ...flags, 'x']);
    expect(line).toMatch(/^connect to --pidfd-socket: \/nowhere\/sock: .*\(ENOENT\)/);
  });

  promise('--pid-file that cannot be written: one line, no container', async (rig) => {
    const bundle = await rig.bundle();
    for (const path of ['/nowhere/pid', '/dev/null/pid', rig.directory('pids')]) {
      for (const verb of ['create', 'run']) {
        const line = await refusal(rig, [verb, '-b', bundle.path, '--pid-file', path, 'x']);
        expect(line).toMatch(/^write --pid-file: .*: \w+: .* \((ENOENT|ENOTDIR|EISDIR)\)/);
        expect(line).toContain(path);
      }
    }
  });

  promise('--pid-file of another container is not removed by a launch that failed', async (rig) => {
    const bundle = await rig.bundle();
    const pidFile = join(rig.directory('pids'), 'pid');
    const other = await detached(rig, bundle, 'exec sleep 100', ['--pid-file', pidFile]);
    bundle.runs(['nope']);
    await rig.command(['create', '-b', bundle.path, '--pid-file', pidFile, 'x']);
    expect((await rig.execute(['cat', pidFile])).stdout).toBe(String(other.pid));
    await other.remove();
  });
});

bothWays('exec', (promise) => {
  promise(
    'that cannot start its program says so with 255 and the container goes on',
    async (rig) => {
      const bundle = await rig.bundle();
      const { id, remove: end } = await detached(rig, bundle);
      const cases: (readonly [args: string[], message: RegExp])[] = [
        [['nope'], /^exec: "nope": executable file not found in \$PATH/],
        [['/nope'], /^exec: "\/nope": stat \/nope: no such file or directory/],
        [['/etc'], /^exec: "\/etc": permission denied/],
        [['--cwd', '/nowhere', 'ls'], /^change directory to \/nowhere: chdir: no such file/],
        [['--cwd', 'tmp', 'ls'], /absolute/],
        [['--cwd', '/proc/self/fd/9', 'ls'], /\/proc\/self\/fd\/9: /],
        [['--user', 'root', 'ls'], /expected UID\[:GID\]/],
        [['--preserve-fds', '1', 'ls'], /descriptor 3 is not open/],
        [['--process', '/nowhere.json', 'ls'], /\/nowhere\.json: .*no such file or directory/],
      ];
      for (const [args, message] of cases) {
        const flags = args.slice(0, -1);
        const ran = await rig.command(['exec', ...flags, id, ...args.slice(-1)]);
        expect({ args, status: ran.status }).toEqual({ args, status: 255 });
        expect(onlyLine(ran)).toMatch(message);
      }
      const none = await rig.command(['exec', id]);
      expect(onlyLine(none)).toMatch(/no command given; name a program or --process FILE/);
      expect((await rig.state(id)).status).toBe('running');
      await end();
    },
  );

  promise('in a container that has ended is refused', async (rig) => {
    const bundle = await rig.bundle();
    const { id } = await rig.create(bundle);
    await rig.command(['kill', id, 'KILL']);
    const ran = await rig.command(['exec', id, 'ls']);
    expect(ran.status).toBe(255);
    expect(onlyLine(ran)).toMatch(/cannot exec in container .*: it is stopped$/);
    expect(onlyLine(await rig.command(['kill', id]))).toContain('container not running');
    await remove(rig, id);
  });
});
