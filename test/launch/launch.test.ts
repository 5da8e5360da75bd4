import { existsSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Failed } from '../../src/failure.js';
import { launch } from '../../src/launch/launch.js';
import type { Launched, Ports } from '../../src/launch/ports.js';
import { useAddon } from '../../src/native/load.js';
import type { LaunchPlan } from '../../src/plan/plan.js';
import type { Step } from '../../src/plan/steps.js';
import {
  type FakeAddon,
  failed,
  fakeAddon,
  forked,
  type Line,
  reached,
  ready,
  systemError,
  terminal,
} from './fake-addon.js';

const clone: Step = { step: 'clone', flags: 0x20000000, intoCgroup: true, pointer: '/linux' };
const save: Step = { step: 'save-state' };
const hostname: Step = { step: 'set-hostname', name: 'web', pointer: '/hostname' };
const report: Step = { step: 'report-ready' };
const hook = {
  ...{ step: 'run-hook', path: '/bin/hook', arguments: [], environment: [], timeout: 0, state: [] },
  ...{
    directory: '/',
    inRoot: false,
    bound: false,
    container: 'container',
    hide: false,
    pointer: '/hooks/createContainer/0',
  },
} as unknown as Step;
const fork: Step = { step: 'fork', flags: 0, intoCgroup: true, cgroup: 'cgroup' };

afterEach(() => useAddon(undefined));

interface Told {
  addon: FakeAddon;
  events: string[];
  result: Launched | Failed;
}

/** Launches `steps` with an init that says `script`, and counts descriptors that stay open. */
function play(
  steps: Step[],
  script: Line[],
  { operation = 'run', refuse = {}, ports = {} }: Play = {},
): Told {
  const addon = fakeAddon(script, refuse);
  useAddon(addon);
  const { calls } = addon;
  const plan: LaunchPlan = { version: 1, operation, steps, warnings: [] };
  const all: Ports = {
    directory: 0,
    preserve: 0,
    savePid: ({ pid }) => calls.push(`savePid ${pid === process.pid ? 'init' : pid}`),
    makes: (made) => calls.push(`makes ${JSON.stringify(made)}`),
    withoutCgroup: ({ doing }) => calls.push(`withoutCgroup: ${doing}`),
    ready: () => calls.push('ready'),
    ...ports,
  };
  return { addon, events: calls, result: outcome(() => launch(plan, all)) };
}

interface Play {
  operation?: LaunchPlan['operation'];
  refuse?: Record<string, () => Error>;
  ports?: Partial<Ports>;
}

function outcome(action: () => Launched): Launched | Failed {
  try {
    return action();
  } catch (error) {
    if (error instanceof Failed) return error;
    throw error;
  }
}

const openDescriptors = () => readdirSync('/proc/self/fd').length;

describe('a launch', () => {
  test('lets init begin, does beside what init does not need, then lets it go on', () => {
    const { events, result } = play([clone, save, hostname, report], [ready(), null]);
    expect(events).toEqual(['spawnInit', 'send plan', 'savePid init', 'ready', 'send go']);
    expect(result).toMatchObject({ pid: process.pid });
  });

  test('with hooks does all of its own steps first: they are programs of others', () => {
    const { events } = play([clone, save, hook, report], [ready(), null]);
    expect(events).toEqual(['spawnInit', 'savePid init', 'send plan', 'ready', 'send go']);
  });

  test('of which the process forks does them first: its child inherits their effect', () => {
    const { events } = play([clone, save, fork, hostname, report], [ready(), null]);
    expect(events.slice(0, 3)).toEqual(['spawnInit', 'savePid init', 'send plan']);
  });

  test('of create ends when init is ready: the rest is told to start', () => {
    const listen: Step = { step: 'listen-start' };
    const { events, addon } = play([listen, clone, save, hostname, report], [ready()], {
      operation: 'create',
    });
    expect(events.at(-1)).toBe('send go');
    expect(events[0]).toBe('listen start.sock');
    expect(addon.spawned[0]?.slots).toHaveLength(1);
  });

  test('carries out a step of its own where init waits for it', () => {
    const { events } = play([clone, hostname, save, report], [reached(), ready(), null]);
    expect(events).toEqual([
      ...['spawnInit', 'send plan', 'savePid init', 'send go', 'ready', 'send go'],
    ]);
  });

  test('follows a fork: the first process is reaped, the second is the container', () => {
    const { events, result } = play(
      [clone, hostname, fork, save, report],
      [forked(process.ppid), reached(), ready(), null],
    );
    expect(events).toContain('wait init');
    expect(events).toContain(`savePid ${process.ppid}`);
    expect(result).toMatchObject({ pid: process.ppid });
  });

  test('gives the terminal to the caller before the program runs', () => {
    const seen: (number | undefined)[] = [];
    const { result } = play([clone, hostname, report], [terminal(), ready(), null], {
      ports: { ready: (launched) => seen.push(launched.terminal) },
    });
    expect(seen).toEqual([(result as Launched).terminal]);
    expect(seen[0]).toEqual(expect.any(Number));
  });

  test('leaves no descriptor open but those it gives away', () => {
    const before = openDescriptors();
    const { result } = play([clone, hostname, report], [terminal(), ready(), null]);
    expect(Object.keys(result).sort()).toEqual(['pid', 'pidfd', 'terminal']);
    expect(openDescriptors()).toBe(before + 2);
  });
});

describe('a launch that fails', () => {
  const undone = ['pidfdSignal 9', 'wait init'];

  test('in a step of init names its place in config.json, call and errno', () => {
    const { events, result } = play(
      [clone, save, hostname, report],
      [failed(0, 1, 'sethostname', 'web')],
    );
    expect((result as Failed).message).toBe(
      'set hostname to web: sethostname: operation not permitted (EPERM) [config.json /hostname]; ' +
        'it takes a new uts namespace that the user namespace owns',
    );
    expect(events.slice(-2)).toEqual(undone);
  });

  test('counts the steps as init does: those of the runtime that come first are left out', () => {
    const mask: Step = {
      step: 'mask-path',
      target: '/proc/kcore',
      pointer: '/linux/maskedPaths/0',
    };
    const { result } = play(
      [clone, hostname, save, mask, report],
      [reached(), failed(2, 1, 'openat2', '/proc/kcore')],
    );
    expect((result as Failed).failure.pointer).toBe('/linux/maskedPaths/0');
  });

  test('tells the rule that was broken rather than an errno that merely fits', () => {
    const { result } = play([clone, hostname], [failed(0, 1, 'chdir', '/x', 'outside the root')]);
    expect((result as Failed).failure.cause).toBe('outside the root');
  });

  test('in the clone names the namespaces that were asked for', () => {
    const before = openDescriptors();
    const refuse = { spawnInit: () => systemError('clone3', 'EAGAIN', 11) };
    const { events, result } = play([clone, hostname, report], [], { refuse });
    expect((result as Failed).message).toBe(
      'create pid namespace: clone3: error 11 (EAGAIN) [config.json /linux]',
    );
    expect(events).toEqual(['spawnInit']);
    expect(openDescriptors()).toBe(before);
  });

  test('because init ended before it could be told is explained by what init said', () => {
    const refuse = { send: () => systemError('sendmsg', 'EPIPE', 32) };
    const script = [failed(0, 1, 'sethostname')];
    const { events, result } = play([clone, hostname, report], script, { refuse });
    expect((result as Failed).message).toContain('set hostname to web: sethostname');
    expect(events.slice(-2)).toEqual(undone);
  });

  test('in a way that nobody foresaw still names the call, and is undone', () => {
    const before = openDescriptors();
    const refuse = { send: () => systemError('sendmsg', 'ENOBUFS', 105) };
    const { events, result } = play([clone, hostname, report], [], { refuse });
    expect((result as Failed).message).toBe('launch: sendmsg: error 105 (ENOBUFS)');
    expect(events.slice(-2)).toEqual(undone);
    expect(openDescriptors()).toBe(before);
  });

  test('because the caller could not be told is undone as well', () => {
    const before = openDescriptors();
    const full = new Failed({ doing: 'write --pid-file', cause: 'no space left on device' });
    const { events, result } = play([clone, hostname, report], [terminal(), ready()], {
      ports: {
        ready: () => {
          throw full;
        },
      },
    });
    expect(result).toBe(full);
    expect(events.slice(-2)).toEqual(undone);
    expect(openDescriptors()).toBe(before);
  });

  test('without a word from init says how init ended', () => {
    const { result } = play([clone, hostname, report], [null]);
    expect((result as Failed).message).toContain('init was killed by signal 9');
  });
});

describe('a cgroup', () => {
  const cgroup = (optional: boolean): Step => ({
    ...{ step: 'create-cgroup', path: '/nonexistent/cgroup', optional },
    pointer: '/linux/cgroupsPath',
  });

  test('that cannot be made ends the launch when it must be there', () => {
    const { events, result } = play([cgroup(false), clone, hostname], []);
    expect((result as Failed).failure).toMatchObject({
      doing: 'create cgroup',
      pointer: '/linux/cgroupsPath',
      cause: 'not on a cgroup2 file system',
    });
    expect(events).toEqual([]);
    expect(existsSync('/nonexistent')).toBe(false);
  });

  test('that cannot be made is done without when it is optional', () => {
    const { events, addon } = play([cgroup(true), clone, hostname, report], [ready(), null]);
    expect(events[0]).toBe('withoutCgroup: create cgroup');
    expect(addon.spawned[0]).toMatchObject({ cgroup: -1, slots: [] });
  });
});
