// A shell in a pseudo-terminal: keys become signals, jobs stop and go on, the window has a size.

import { beforeAll, expect } from '@jest/globals';
import type { Rig } from '../rig/rig.js';
import { busyboxRootfs, canMakeDebian, debianRootfs, debianTree } from '../rig/rootfs.js';
import type { Terminal } from '../rig/terminal.js';
import { bothWays } from '../rig/ways.js';

if (canMakeDebian) beforeAll(() => debianTree().then(() => {}), 300_000);

bothWays('a shell in a terminal', (promise) => {
  const debian = promise.needs(canMakeDebian, 'a Debian root filesystem cannot be made here');

  debian('Ctrl-C ends the foreground job and not the shell', async (rig) => {
    const terminal = await bash(rig);
    await terminal.enter('echo beg""un; sleep 1000');
    await terminal.shows(/^begun$/m);
    await pressUntil(terminal, 'C-c', /\^C\n\$/);
    await terminal.enter('echo status $?; exit 5');
    await terminal.shows(/^status 130$/m);
    expect(await terminal.status()).toBe(5);
  });

  debian('Ctrl-Z stops a job, fg goes on with it', async (rig) => {
    const terminal = await bash(rig);
    const loop = 'echo begun; trap "echo continued" CONT; while :; do sleep 0.1; done';
    await terminal.enter(`sh -c '${loop}'`);
    await terminal.shows(/^begun$/m);
    await pressUntil(terminal, 'C-z', /\[1\]\+ {2}Stopped/);
    await terminal.enter('jobs; echo $((1 + 1)) jobs seen');
    await terminal.shows('2 jobs seen');
    await terminal.enter('fg');
    await terminal.shows(/^continued$/m);
    await pressUntil(terminal, 'C-c', /\^C\n\$/);
    await terminal.enter('echo "jobs: $(jobs)."; exit 0');
    await terminal.shows(/^jobs: \.$/m);
    expect(await terminal.status()).toBe(0);
  });

  debian('a background job that reads is stopped and can be brought back', async (rig) => {
    const terminal = await bash(rig);
    await terminal.enter('(read x; echo "read $x") &');
    await pressUntil(terminal, 'Enter', /\[1\]\+ {2}Stopped/);
    await terminal.enter('fg');
    await terminal.enter('word');
    await terminal.shows(/^read word$/m);
    await terminal.enter('exit 0');
    expect(await terminal.status()).toBe(0);
  });

  debian('a new size of the window reaches the program as SIGWINCH', async (rig) => {
    const terminal = await bash(rig, { columns: 100, rows: 30 });
    await terminal.enter('stty size');
    await terminal.shows('30 100');
    await terminal.enter("trap 'echo now $(stty size)' WINCH; echo trap is set");
    await terminal.shows(/^trap is set$/m);
    await terminal.resize({ columns: 71, rows: 17 });
    await terminal.enter('');
    await terminal.shows('now 17 71');
    await terminal.enter('trap - WINCH; exit 0');
    expect(await terminal.status()).toBe(0);
  });

  promise('busybox has it too', async (rig) => {
    const bundle = await rig.bundle(busyboxRootfs);
    bundle.edit(({ process }) => Object.assign(process, { terminal: true, args: ['sh', '-i'] }));
    const terminal = await rig.terminal(['run', '--bundle', bundle.path, rig.newId()]);
    await terminal.shows('/ #');
    await terminal.enter('echo beg""un; sleep 1000');
    await terminal.shows(/^begun$/m);
    await pressUntil(terminal, 'C-c', /\^C\n\/ #/);
    await terminal.enter('tty; exit 3');
    await terminal.shows(/^\/dev\/(pts\/0|console)$/m);
    expect(await terminal.status()).toBe(3);
  });
});

/** An interactive bash with `$ ` as its prompt. */
async function bash(rig: Rig, size?: { columns: number; rows: number }): Promise<Terminal> {
  const bundle = await rig.bundle(debianRootfs);
  bundle.edit(({ process }) => {
    process.terminal = true;
    process.args = ['bash', '--norc', '--noprofile', '-i'];
    process.env = [...(process.env ?? []), 'PS1=$ '];
  });
  const terminal = await rig.terminal(['run', '--bundle', bundle.path, rig.newId()], size);
  await terminal.shows(/^\$/m);
  return terminal;
}

/** The job may not have the terminal yet when its line is on the screen. */
async function pressUntil(terminal: Terminal, key: string, text: string | RegExp): Promise<void> {
  for (let attempt = 1; attempt < 10; attempt += 1) {
    await terminal.press(key);
    const seen = await terminal.shows(text, 500).catch(() => undefined);
    if (seen !== undefined) return;
  }
  await terminal.shows(text, 0);
}
