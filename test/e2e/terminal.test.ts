// `run` with a terminal, in a real one: raw while it runs, as it was afterwards.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { execaSync } from 'execa';
import type { Bundle } from '../rig/bundle.js';
import { detached } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import type { Terminal } from '../rig/terminal.js';
import { until } from '../rig/until.js';
import { asRoot, bothWays } from '../rig/ways.js';

bothWays('run in a terminal', (promise) => {
  promise('gives the exit code, and the program a terminal of its own', async (rig) => {
    const bundle = await terminalBundle(rig, 'tty; ls /dev/pts; stat -c %u $(tty); exit 17');
    const terminal = await rig.terminal(['run', '-b', bundle.path, rig.newId()]);
    expect(await terminal.status()).toBe(17);
    expect(await terminal.screen()).toMatch(/\/dev\/(pts\/0|console)\n0\s+ptmx\n0\n/);
  });

  promise(
    'stdin, stdout and stderr are the terminal, and it is the controlling one',
    async (rig) => {
      const script = 'test -t 0 && test -t 1 && test -t 2 && echo all; echo own >/dev/tty';
      const bundle = await terminalBundle(rig, script);
      const terminal = await rig.terminal(['run', '-b', bundle.path, rig.newId()]);
      expect(await terminal.status()).toBe(0);
      expect(await terminal.screen()).toMatch(/^all\nown\n/m);
    },
  );

  promise('the window has its size from the start', async (rig) => {
    const bundle = await terminalBundle(rig, 'stty size');
    const size = { columns: 93, rows: 31 };
    const terminal = await rig.terminal(['run', '-b', bundle.path, rig.newId()], size);
    await terminal.shows('31 93');
    expect(await terminal.status()).toBe(0);
  });

  promise('a size of the configuration is that of the window from the start', async (rig) => {
    const bundle = await terminalBundle(rig, 'stty size');
    bundle.edit(({ process }) => Object.assign(process, { consoleSize: { height: 9, width: 33 } }));
    const terminal = await rig.terminal(['run', '-b', bundle.path, rig.newId()]);
    // The real terminal's size is set right after it.
    await terminal.shows(/^(9 33|24 80)$/m);
    expect(await terminal.status()).toBe(0);
  });

  promise('the caller’s terminal is raw while it runs and as before afterwards', async (rig) => {
    const bundle = await terminalBundle(rig, 'echo runs; read line; echo "[$line]"; exit 3');
    const terminal = await between(rig, bundle);
    await terminal.shows(/^runs$/m);
    const device = await terminal.device();
    expect(await until(() => /-icanon/.test(stty(device)))).toBe(true);
    expect(stty(device)).toMatch(/-isig.*-echo/s);
    await terminal.enter('typed');
    await terminal.shows('[typed]');
    await sameSettings(terminal, 3);
  });

  promise('it is as before after the container was killed', async (rig) => {
    const bundle = await terminalBundle(rig, 'echo runs; exec sleep 1000');
    const id = rig.newId();
    const terminal = await between(rig, bundle, id);
    await terminal.shows(/^runs$/m);
    expect(await rig.command(['kill', id, 'KILL'])).toMatchObject({ status: 0 });
    await sameSettings(terminal, 137);
  });

  promise('it is as before after a launch that failed', async (rig) => {
    const bundle = await terminalBundle(rig, '');
    bundle.runs(['/no/such/program']);
    await sameSettings(await between(rig, bundle), 1);
  });

  promise('keys are for the container: Ctrl-C does not end the runtime', async (rig) => {
    const bundle = await terminalBundle(
      rig,
      'trap "echo interrupted" INT; echo runs; read x; read x',
    );
    const terminal = await rig.terminal(['run', '-b', bundle.path, rig.newId()]);
    await terminal.shows(/^runs$/m);
    await terminal.press('C-c');
    await terminal.shows('interrupted');
    await terminal.enter('a');
    await terminal.enter('b');
    expect(await terminal.status()).toBe(0);
  });

  promise('works with standard input from a pipe', async (rig) => {
    const bundle = await terminalBundle(
      rig,
      'read line; echo "<$line>"; test -t 0; exit $((4 + $?))',
    );
    const { status, stdout } = await rig.run(bundle, { input: 'piped\n' });
    expect(stdout).toContain('<piped>\r\n');
    expect(status).toBe(4);
  });

  promise('ends the input of its program where a pipe ends, within a line too', async (rig) => {
    const bundle = await terminalBundle(rig, 'cat >/dev/null; echo ended');
    for (const input of ['', 'a line\n', 'no line']) {
      const { status, stdout } = await rig.run(bundle, { input });
      expect(stdout).toContain('ended\r\n');
      expect(status).toBe(0);
    }
  });

  promise('exec -t has a terminal too', async (rig) => {
    const bundle = await rig.bundle();
    const id = rig.newId();
    const { status } = await rig.run(bundle.runs('exec sleep 1000'), { id, flags: ['-d'] });
    expect(status).toBe(0);
    const terminal = await rig.terminal(['exec', '-t', id, 'sh', '-c', 'tty; stty size; exit 6']);
    expect(await terminal.status()).toBe(6);
    expect(await terminal.screen()).toMatch(/\/dev\/pts\/0\n24 80\n/);
    expect((await rig.command(['delete', '--force', id])).status).toBe(0);
  });

  promise('exec has the terminal of --process', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const file = join(rig.dir, 'process.json');
    const args = ['sh', '-c', 'ps -o tty,comm | grep sh; exit 7'];
    const process = { terminal: true, args, user: { uid: 0, gid: 0 }, cwd: '/' };
    writeFileSync(file, JSON.stringify(process), { mode: 0o644 });
    const terminal = await rig.terminal(['exec', '-p', file, id]);
    expect(await terminal.status()).toBe(7);
    expect(await terminal.screen()).toMatch(/^136,0 +sh/);
    await remove();
  });
});

asRoot('a terminal', (promise) => {
  promise('belongs to the user of the process', async (rig) => {
    const bundle = await terminalBundle(rig, 'stat -c %u:%a $(tty); echo again >$(tty)');
    bundle.edit(({ process }) => Object.assign(process, { user: { uid: 1000, gid: 1000 } }));
    const terminal = await rig.terminal(['run', '-b', bundle.path, rig.newId()]);
    expect(await terminal.status()).toBe(0);
    expect(await terminal.screen()).toMatch(/^1000:620\nagain$/m);
  });
});

async function terminalBundle(rig: Rig, script: string): Promise<Bundle> {
  const bundle = (await rig.bundle()).runs(script);
  return bundle.edit(({ process }) => Object.assign(process, { terminal: true }));
}

/** A terminal that shows its settings before and after a run. */
function between(rig: Rig, bundle: Bundle, id = rig.newId()): Promise<Terminal> {
  const script = 'echo "<$(stty -g)>"; "$@"; echo "status $?"; echo "<$(stty -g)>"';
  const run = [...rig.commandLine(), 'run', '-b', bundle.path, id];
  return rig.openTerminal(['sh', '-c', script, 'sh', ...run]);
}

async function sameSettings(terminal: Terminal, status: number): Promise<void> {
  expect(await terminal.status()).toBe(0);
  const screen = await terminal.screen();
  expect(screen).toContain(`status ${status}\n`);
  const [before, after] = [...screen.matchAll(/<([0-9a-f:]+)>/g)].map(([, text]) => text);
  expect(before).toBeTruthy();
  expect(after).toBe(before);
}

function stty(device: string): string {
  return execaSync('stty', ['-F', device, '-a']).stdout;
}
