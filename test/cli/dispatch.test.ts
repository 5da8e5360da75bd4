// From the command line to the operation: what it is told, and what is refused before it.

import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context } from '../../src/container/context.js';
import { Failed } from '../../src/failure.js';

const calls: unknown[][] = [];

/** Puts recorders in the place of the operations of a file; each gives its result. */
function record(file: string, operations: Readonly<Record<string, unknown>>): void {
  const recorders = Object.entries(operations).map(([name, result]) => {
    const operation = (...args: unknown[]) => {
      calls.push([name, ...args]);
      return result;
    };
    return [name, operation] as const;
  });
  jest.unstable_mockModule(`../../src/container/${file}`, () => Object.fromEntries(recorders));
}

record('create.js', { create: undefined });
record('start.js', { start: undefined });
record('run.js', { run: 7 });
record('exec.js', { exec: 3 });
record('kill.js', { kill: undefined });
record('delete.js', { remove: undefined });
record('list.js', { list: [], ids: ['web', 'web-2', 'db'] });

const { dispatch } = await import('../../src/cli/dispatch.js');

const context: Context = { root: '/r', cgroupManager: 'cgroupfs' };
const words = (line: string) => line.split(' ').filter(Boolean);

async function told(line: string): Promise<{ status: number; calls: unknown[][] }> {
  calls.length = 0;
  const status = await dispatch(['--root', '/r', ...words(line)]);
  return { status, calls };
}

async function refusal(...argv: string[]): Promise<{ message: string; exitCode?: number }> {
  try {
    await dispatch(argv);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    const { message, exitCode } = error;
    return { message, ...(exitCode !== undefined && { exitCode }) };
  }
  throw new Error('accepted');
}

beforeEach(() => {
  calls.length = 0;
});

describe('an operation is told what the command line says', () => {
  const plain = { noPivot: false, noNewKeyring: false, strict: false, preserveFds: 0 };

  test('create', async () => {
    expect(await told('create -b /b web')).toEqual({
      status: 0,
      calls: [['create', context, { id: 'web', bundle: '/b', ...plain }]],
    });
  });

  test('create with everything', async () => {
    const flags =
      '--bundle=b -f c.json --console-socket c --pidfd-socket p --pid-file f --no-pivot --no-new-keyring --preserve-fds 3 --no-subreaper';
    const options = {
      id: 'web',
      bundle: `${process.cwd()}/b`,
      config: 'c.json',
      consoleSocket: 'c',
      pidfdSocket: 'p',
      pidFile: 'f',
      noPivot: true,
      noNewKeyring: true,
      strict: false,
      preserveFds: 3,
    };
    expect((await told(`create ${flags} web`)).calls).toEqual([['create', context, options]]);
  });

  test('run, whose exit status is the container’s', async () => {
    const options = {
      id: 'web',
      bundle: '/b',
      ...plain,
      detach: true,
      keep: true,
      noSubreaper: true,
    };
    expect(await told('run web -d --keep -no-subreaper -b /b')).toEqual({
      status: 7,
      calls: [['run', context, options]],
    });
  });

  test('start', async () => {
    expect((await told('start web')).calls).toEqual([['start', context, 'web']]);
  });

  test('exec, with all after the id left to the command', async () => {
    const options = { id: 'web', detach: false, preserveFds: 0, ignorePaused: false };
    expect(await told('exec web ls -l --detach')).toEqual({
      status: 3,
      calls: [['exec', context, { ...options, args: ['ls', '-l', '--detach'] }]],
    });
  });

  test('exec with everything', async () => {
    const flags =
      '-d -t --cwd /w -e A=1 --env B=2 -u 1:2 -g 5 -g 6 -c CAP_KILL --apparmor a --process-label l --no-new-privs --cgroup x --ignore-paused --preserve-fds 1 --pid-file p --console-socket c --pidfd-socket s';
    const options = {
      id: 'web',
      args: ['sh'],
      detach: true,
      tty: true,
      cwd: '/w',
      env: ['A=1', 'B=2'],
      user: { uid: 1, gid: 2 },
      additionalGids: [5, 6],
      caps: ['CAP_KILL'],
      apparmor: 'a',
      processLabel: 'l',
      noNewPrivs: true,
      cgroup: ['x'],
      ignorePaused: true,
      preserveFds: 1,
      pidFile: 'p',
      consoleSocket: 'c',
      pidfdSocket: 's',
    };
    expect((await told(`exec ${flags} web sh`)).calls).toEqual([['exec', context, options]]);
  });

  test.each([
    ['kill web', 15, false],
    ['kill --all web KILL', 9, true],
    ['kill web sigusr1 -a', 10, true],
  ])('%s', async (line, signal, all) => {
    expect((await told(line)).calls).toEqual([['kill', context, 'web', signal, { all }]]);
  });

  test('an empty signal is the default one, as for runc', async () => {
    await dispatch(['--root', '/r', 'kill', 'web', '']);
    expect(calls).toEqual([['kill', context, 'web', 15, { all: false }]]);
  });

  test.each([
    ['delete web', false],
    ['delete web -f', true],
  ])('%s', async (line, force) => {
    expect((await told(line)).calls).toEqual([['remove', context, 'web', { force }]]);
  });

  test('--regex: every container that matches', async () => {
    const { calls } = await told('delete --regex ^web');
    expect(calls.filter(([name]) => name === 'remove').map(([, , id]) => id)).toEqual([
      'web',
      'web-2',
    ]);
  });

  test.each([
    ['--systemd-cgroup', 'systemd'],
    ['--cgroup-manager disabled', 'disabled'],
    ['--cgroup-manager=cgroupfs --systemd-cgroup', 'cgroupfs'],
    ['--rootless true --criu /x', 'cgroupfs'],
  ])('%s: cgroups by %s', async (flags, cgroupManager) => {
    await dispatch(words(`--root r ${flags} start web`));
    expect(calls).toEqual([['start', { root: `${process.cwd()}/r`, cgroupManager }, 'web']]);
  });
});

describe('what cannot be meant is one line with a way on', () => {
  test.each([
    ['bogus', 'sampan: bogus: unknown command; see sampan --help'],
    [
      'checkpoint --image-path /x web',
      'sampan: checkpoint: not supported: sampan cannot save the state of processes; pause and resume hold a container still',
    ],
    ['creat web', 'sampan: creat: unknown command; did you mean create'],
    ['--rooot /x list', 'sampan: --rooot: unknown flag; did you mean --root'],
    ['create --bundel /b web', 'create: --bundel: unknown flag; did you mean --bundle'],
    ['create --zzz web', 'create: --zzz: unknown flag; see sampan create --help'],
    ['list --root /r', 'list: --root: unknown flag; it is for all commands: write it before list'],
    [
      'create',
      'create: argument container-id is missing; usage: sampan create [options] <container-id>',
    ],
    ['state a b', 'state: unexpected argument "b"; usage: sampan state [options] <container-id>'],
    ['list x', 'list: unexpected argument "x"; usage: sampan list [options]'],
    [
      'kill web TREM',
      'kill: "TREM": unknown signal; use a name such as TERM or SIGKILL, or a number from 0 to 64',
    ],
    ['list -f xml', 'list: -f: expected one of table, json, got "xml"; see sampan list --help'],
    ['completion ksh', 'completion: shell: expected one of bash, zsh, fish, got "ksh"'],
    [
      '--log-format xml list',
      'sampan: --log-format: expected one of text, json, got "xml"; see sampan --help',
    ],
    [
      '--log journald:x list',
      '--log: journald:x: logging to journald is not supported; name a file, or leave --log out and pass stderr on with systemd-cat(1) or logger(1)',
    ],
    ['--root r delete -r ( ', '--regex: "(": not a regular expression: Unterminated group'],
  ])('%s', async (line, message) => {
    expect(await refusal(...words(line))).toEqual({ message });
    expect(calls.filter(([name]) => name !== 'ids')).toEqual([]);
  });

  test('exec fails with 255, as its own status could be 1', async () => {
    const { message, exitCode } = await refusal('--root', 'r', 'exec', 'web');
    expect(message).toBe('exec: web: no command given; name a program or --process FILE');
    expect(exitCode).toBe(255);
    expect(await refusal('--root', 'r', 'exec', '-u', '1x', 'web', 'ls')).toMatchObject({
      exitCode: 255,
    });
    expect(await refusal('--root', 'r', 'exec', '-p', '/nonexistent', 'web')).toEqual({
      message: 'exec: --process: /nonexistent: open: no such file or directory (ENOENT)',
      exitCode: 255,
    });
  });

  test('a log that cannot be opened names the file and why', async () => {
    expect((await refusal('--log', '/nonexistent/log', 'list')).message).toBe(
      'open the log: /nonexistent/log: open: no such file or directory (ENOENT)',
    );
  });
});
