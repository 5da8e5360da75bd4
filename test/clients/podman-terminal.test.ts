// podman at a real terminal.

import { expect } from '@jest/globals';
import { compared } from './compare.js';
import { podman as caller, type Podman } from './podman.js';

/** `podman run -it` of a shell, at its first prompt. */
async function shell(podman: Podman, ...flags: string[]) {
  const common = ['run', '--interactive', '--tty', '--network', 'none', '--env', 'PS1=ready:'];
  const line = [...common, ...flags, '--rootfs', podman.rootfs, 'sh'];
  const terminal = await podman.terminal(line, { columns: 80, rows: 24 });
  await terminal.shows('ready:');
  return terminal;
}

compared(caller, 'at a terminal', (promise) => {
  promise(
    'a shell answers, knows its size, is interrupted, and ends with its status',
    async (podman) => {
      const terminal = await shell(podman, '--rm');
      await terminal.enter('echo $((6 * 7)) $(stty size) $(tty)');
      await terminal.shows('42 24 80 /dev/pts/0');
      await terminal.resize({ columns: 100, rows: 30 });
      await terminal.enter(
        'until [ "$(stty size)" = "30 100" ]; do sleep 0.1; done; echo re""sized',
      );
      await terminal.shows('resized');
      await terminal.enter('sleep 1000');
      await terminal.press('C-c');
      await terminal.enter('echo int""errupted $?');
      await terminal.shows('interrupted 130');
      await terminal.enter('exit 4');
      podman.transcript.note(['the shell'], { status: await terminal.status(), stdout: '' });
      expect(podman.transcript.steps.at(-1)?.status).toBe(4);
    },
    { telling: true },
  );

  promise('what is detached from can be attached to', async (podman) => {
    const terminal = await shell(podman, '--name', 'stays');
    await terminal.press('C-p');
    await terminal.press('C-q');
    expect(await terminal.status()).toBe(0);
    expect((await podman.command(['ps', '--format', '{{.Names}}'])).stdout).toBe('stays\n');
    const again = await podman.terminal(['attach', 'stays']);
    await again.enter('echo at""tached');
    await again.shows('attached');
    await again.enter('exit 6');
    podman.transcript.note(['attach'], { status: await again.status(), stdout: '' });
    expect((await podman.command(['wait', 'stays'])).stdout).toBe('6\n');
  });

  promise('exec -it gives a terminal of its own', async (podman) => {
    await podman.detach('stays', [], ['sleep', '1000']);
    const line = ['exec', '--interactive', '--tty', '--env', 'PS1=ready:', 'stays', 'sh'];
    const terminal = await podman.terminal(line);
    await terminal.shows('ready:');
    await terminal.enter('tty; exit 5');
    await terminal.shows('/dev/pts/0');
    podman.transcript.note(['exec'], { status: await terminal.status(), stdout: '' });
    expect(podman.transcript.steps.at(-1)?.status).toBe(5);
  });
});
