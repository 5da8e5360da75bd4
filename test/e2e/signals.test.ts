// A foreground `run` passes signals on, and ends as the container does.

import { existsSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { until } from '../rig/until.js';
import { asRoot, bothWays } from '../rig/ways.js';

const hasPerl = existsSync('/usr/bin/perl');
const names = ['TERM', 'INT', 'HUP', 'QUIT', 'USR1', 'USR2', 'ALRM', 'CONT'] as const;

bothWays('signals to a foreground run', (promise) => {
  promise('reach the container’s process', async (rig) => {
    const traps = names.map((name) => `trap "echo got ${name}" ${name}`).join('; ');
    const loop = 'echo ready; while ! test -e /dev/shm/end; do sleep 0.02; done; exit 9';
    const bundle = (await rig.bundle()).runs(`trap "touch /dev/shm/end" WINCH; ${traps}; ${loop}`);
    const running = rig.start(['run', '-b', bundle.path, rig.newId()]);
    expect(await until(() => running.outputSoFar() === 'ready\n')).toBe(true);
    for (const name of names) {
      running.signal(`SIG${name}`);
      const seen = () => running.outputSoFar().endsWith(`got ${name}\n`);
      expect([name, await until(seen)]).toEqual([name, true]);
    }
    running.signal('SIGKILL');
    expect((await running.ended).status).toBe(137);
    const ids = (await rig.command(['list', '-q'])).stdout.trim();
    expect((await rig.command(['delete', '--force', ids])).status).toBe(0);
  });

  promise('one that comes early is not lost', async (rig) => {
    const bundle = (await rig.bundle()).runs(
      'trap "exit 21" TERM; echo ready; while :; do sleep 0.02; done',
    );
    const running = rig.start(['run', '-b', bundle.path, rig.newId()]);
    await until(() => running.outputSoFar() === 'ready\n');
    running.signal('SIGTERM');
    expect((await running.ended).status).toBe(21);
  });

  promise('kill of each kind ends with 128 and its number', async (rig) => {
    for (const [name, number] of [
      ['KILL', 9],
      ['SIGKILL', 9],
      ['9', 9],
    ] as const) {
      const bundle = (await rig.bundle()).runs('echo ready; exec sleep 1000');
      const id = rig.newId();
      const running = rig.start(['run', '-b', bundle.path, id]);
      await until(() => running.outputSoFar() === 'ready\n');
      expect((await rig.command(['kill', id, name])).status).toBe(0);
      expect((await running.ended).status).toBe(128 + number);
    }
  });
});

bothWays('a caller that ignores SIGCHLD', (promise) => {
  const ignoring = ['perl', '-e', '$SIG{CHLD} = "IGNORE"; exec @ARGV'];

  promise.needs(hasPerl, 'no perl')('gets the status of run and exec', async (rig) => {
    const command = [...ignoring, ...rig.commandLine()];
    const bundle = (await rig.bundle()).runs('exit 7');
    const run = await rig.execute([...command, 'run', '-b', bundle.path, rig.newId()]);
    expect(run).toMatchObject({ status: 7, stderr: '' });
    const { id } = await rig.create(bundle.runs('exec sleep 1000'));
    const exec = await rig.execute([...command, 'exec', id, 'sh', '-c', 'exit 8']);
    await rig.command(['delete', '--force', id]);
    expect(exec).toMatchObject({ status: 8, stderr: '' });
  });
});

asRoot('signals that end the container', (promise) => {
  promise('reach it from its first instruction on', async (rig) => {
    // Without a pid namespace the program knows who is to forward the signal.
    const script = 'kill -TERM $PPID; exec sleep 1000';
    const bundle = withoutPidNamespace((await rig.bundle()).runs(script));
    for (let i = 0; i < 10; i++) {
      const id = rig.newId();
      const { status } = await rig.run(bundle, { id });
      const { stderr } = await rig.command(['state', id]);
      if (!stderr.includes('does not exist')) await rig.command(['delete', '--force', id]);
      expect([i, status, stderr]).toEqual([i, 143, expect.stringContaining('does not exist')]);
    }
  });

  promise('give 128 and their number', async (rig) => {
    for (const [name, number] of [
      ['SIGTERM', 15],
      ['SIGINT', 2],
      ['SIGUSR1', 10],
      ['SIGQUIT', 3],
    ] as const) {
      const bundle = withoutPidNamespace((await rig.bundle()).runs('echo ready; exec sleep 1000'));
      const running = rig.start(['run', '-b', bundle.path, rig.newId()]);
      await until(() => running.outputSoFar() === 'ready\n');
      running.signal(name);
      expect([name, (await running.ended).status]).toEqual([name, 128 + number]);
    }
  });
});

/** As process 1 of a namespace the program would ignore signals that it does not handle. */
function withoutPidNamespace(bundle: Bundle): Bundle {
  return bundle.edit(({ linux }) => {
    linux.namespaces = linux.namespaces.filter(({ type }) => type !== 'pid');
  });
}
