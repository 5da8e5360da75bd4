// config.md#process: what the program gets and where it runs.

import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { all, ofProcess, ofRoot, without } from '../changes.js';
import { asRoot, row } from '../row.js';
import { listenTerminal } from '../terminal.js';

const awkward = ['', ' two  spaces ', 'ünï→code', '"quoted"', "it's", '$HOME', 'a\nb', '-n', '\\'];

export const processRows = [
  row('process', 'optional until `start`, which must fail without it', {
    'create or start fails without it': async (subject) => {
      const bundle = subject.bundle(without('process'));
      const id = subject.rig.newId();
      const { status } = await subject.rig.command(['create', '--bundle', bundle.path, id]);
      if (status !== 0) return;
      await subject.fails('start', id);
      await subject.succeeds('delete', '--force', id);
    },
  }),
  row('process.args', 'at least one; found as execvp finds it, with PATH of `env`', {
    'arrive as they are': async (subject) => {
      const script = 'for a; do printf "<%s>" "$a"; done';
      const bundle = subject.bundle(
        ofProcess({ args: ['/bin/sh', '-c', script, 'sh', ...awkward] }),
      );
      equal((await subject.run(bundle)).stdout, awkward.map((arg) => `<${arg}>`).join(''));
    },
    'the first is the program': async (subject) => {
      deepEqual((await subject.sees(['args', 'cwd'])).args, ['/bin/probe', 'args', 'cwd']);
    },
    'the program is searched in PATH': async (subject) => {
      const run = (path: string) =>
        subject.run(subject.bundle(ofProcess({ env: [`PATH=${path}`], args: ['echo', 'found'] })));
      equal((await run('/nowhere:/bin')).stdout, 'found\n');
      notEqual((await run('/nowhere')).status, 0);
    },
    'none is an error': (subject) => subject.refuses(ofProcess({ args: [] })),
    'a program that is absent is an error': (subject) =>
      subject.refuses(ofProcess({ args: ['/bin/absent'] })),
    'a program that may not be executed is an error': (subject) =>
      subject.refuses(ofProcess({ args: ['/etc/passwd'] })),
  }),
  row('process.env', 'exactly this environment', {
    'is the configuration’s, HOME apart, and nothing of the caller’s': async (subject) => {
      const env = ['PATH=/bin', 'A=1', 'EMPTY=', 'SPACE=a b', 'LINE=a\nb', 'UNI=ü→'];
      const how = { env: { OF_THE_CALLER: 'x' } };
      const seen = await subject.sees(['env'], ofProcess({ env }), how);
      const others = seen.env.filter((entry) => !entry.startsWith('HOME='));
      deepEqual(others, env);
    },
    'a HOME that is given stays': async (subject) => {
      const env = ['PATH=/bin', 'HOME=/there'];
      deepEqual((await subject.sees(['env'], ofProcess({ env }))).env, env);
    },
  }),
  row('process.cwd', 'absolute; ends up inside the root', {
    'is entered': async (subject) => {
      equal((await subject.sees(['cwd'], ofProcess({ cwd: '/dev/shm' }))).cwd, '/dev/shm');
    },
    'is made when it is missing': async (subject) => {
      const writable = ofProcess({ cwd: '/new/deep folder' });
      const bundle = subject.bundle(all(writable, ofRoot({ readonly: false })));
      equal((await subject.sees(['cwd'], bundle)).cwd, '/new/deep folder');
      ok(statSync(join(bundle.rootfs, 'new/deep folder')).isDirectory());
    },
    'relative is an error': (subject) => subject.refuses(ofProcess({ cwd: 'bin' })),
    'absent is an error': (subject) => subject.refuses(without('cwd', 'process')),
  }),
  row('process.terminal', 'a pseudo-terminal for the three standard descriptors', {
    'is the controlling terminal, and its other end goes to the console socket': async (
      subject,
    ) => {
      const sections = ['terminal', 'process', 'descriptors'] as const;
      const { terminal, process, descriptors } = await listenTerminal(subject, sections);
      const { isTerminal, controlling, foreground } = terminal;
      deepEqual([isTerminal, controlling, foreground], [true, true, process.group]);
      deepEqual(Object.keys(descriptors), ['0', '1', '2']);
    },
    'is not there unless asked for': async (subject) => {
      const { terminal } = await subject.sees(['terminal']);
      deepEqual([terminal.isTerminal, terminal.controlling], [false, false]);
    },
    'belongs to the user of the process': asRoot(async (subject) => {
      const user = ofProcess({ user: { uid: 1234, gid: 5 } });
      equal((await listenTerminal(subject, ['terminal'], user)).terminal.uid, 1234);
    }),
  }),
  row('process.consoleSize', 'the size of the terminal; ignored without one', {
    'is the size': async (subject) => {
      const change = ofProcess({ consoleSize: { height: 7, width: 44 } });
      const { terminal } = await listenTerminal(subject, ['terminal'], change);
      deepEqual([terminal.rows, terminal.columns], [7, 44]);
    },
    'is ignored when there is no terminal': (subject) =>
      subject.takes(ofProcess({ consoleSize: { height: 7, width: 44 } })),
  }),
  row('process descriptors', 'only 0, 1, 2 and those asked for', {
    'are the standard three': async (subject) => {
      const under = ['sh', '-c', 'exec "$@" 7</dev/null 9</etc/passwd', 'sh'];
      const { descriptors } = await subject.sees(['descriptors'], undefined, { under });
      deepEqual(Object.keys(descriptors), ['0', '1', '2']);
    },
    '--preserve-fds keeps that many more': async (subject) => {
      const under = ['sh', '-c', 'exec "$@" 3</dev/null 4</dev/null 5</dev/null', 'sh'];
      const how = { under, flags: ['--preserve-fds', '2'] };
      const { descriptors } = await subject.sees(['descriptors'], undefined, how);
      deepEqual(Object.keys(descriptors), ['0', '1', '2', '3', '4']);
    },
    'LISTEN_FDS are passed on, with the LISTEN_PID of the program': async (subject) => {
      const under = [
        'sh',
        '-c',
        'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@" 3</dev/null 4</dev/null',
        'sh',
      ];
      const sections = ['descriptors', 'env', 'process'] as const;
      const { descriptors, env, process } = await subject.sees(sections, undefined, { under });
      deepEqual(Object.keys(descriptors), ['0', '1', '2', '3']);
      deepEqual(env.filter((entry) => entry.startsWith('LISTEN_')).sort(), [
        'LISTEN_FDS=1',
        `LISTEN_PID=${process.pid}`,
      ]);
    },
  }),
  row('process signals and session', 'nothing of the caller’s', {
    'no signal is blocked or ignored': async (subject) => {
      const under = ['sh', '-c', 'trap "" INT QUIT TERM HUP USR1 PIPE; exec "$@"', 'sh'];
      const { signals } = await subject.sees(['signals'], undefined, { under });
      deepEqual(signals, { blocked: [], ignored: [] });
    },
    'it is the leader of its session': async (subject) => {
      const { process } = await subject.sees(['process']);
      deepEqual(process, { pid: 1, parent: 0, group: 1, session: 1 });
    },
  }),
];
