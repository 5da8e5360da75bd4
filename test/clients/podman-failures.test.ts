// What podman makes of a container that cannot be had: 125 for a fault of podman's or the runtime's, 126
// for a program that cannot be run, 127 for one that is not there.

import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { compared } from './compare.js';
import { podman as caller, type Podman } from './podman.js';

const stays = ['sleep', '1000'];

/** The status of `run` and of `exec`. */
async function both(podman: Podman, program: string): Promise<number[]> {
  const run = await podman.run([], [program]);
  const exec = await podman.command(['exec', 'stays', program]);
  return [run.status, exec.status];
}

/** Programs that cannot be executed, each for its own reason, and a container to try them in. */
async function programs(podman: Podman): Promise<void> {
  const { rootfs } = podman;
  const write = (name: string, text: string, mode: number) => {
    writeFileSync(join(rootfs, 'bin', name), text);
    chmodSync(join(rootfs, 'bin', name), mode);
  };
  write('data', 'no program\n', 0o755);
  write('closed', '#!/bin/sh\n', 0o644);
  write('wild', '#!/no/such/shell\n', 0o755);
  write('empty', '', 0o755);
  symlinkSync('/bin/loop', join(rootfs, 'bin/loop'));
  symlinkSync('/not/there', join(rootfs, 'bin/dangling'));
  await podman.detach('stays', [], stays);
}

compared(caller, 'failures', (promise) => {
  // By run and by exec.
  const expected: Record<string, [number, number]> = {
    wombat: [127, 127],
    '/no/such/file': [127, 127],
    '/bin/dangling': [127, 127],
    '/bin/closed': [126, 126],
    '/bin/loop': [126, 255],
    '/etc/passwd/x': [126, 255],
  };
  promise(
    'a program that is not there, or that cannot be opened',
    async (podman) => {
      await programs(podman);
      for (const [program, statuses] of Object.entries(expected)) {
        expect([program, await both(podman, program)]).toEqual([program, statuses]);
      }
    },
    { telling: true },
  );

  promise(
    'a folder as a program',
    async (podman) => {
      await programs(podman);
      expect(await both(podman, '/etc')).toEqual([126, 126]);
    },
    { newer: { runc: 'exec says that it is a directory, which podman knows no status for: 255' } },
  );

  promise(
    'a program without the execute bit, found in $PATH',
    async (podman) => {
      await programs(podman);
      expect(await both(podman, 'closed')).toEqual([126, 126]);
    },
    { differs: { runc: 'does not find it: 127' } },
  );

  const late =
    'finds out after the start: status 1, without a word of which program it was by exec';
  promise(
    'a program that the kernel cannot execute',
    async (podman) => {
      await programs(podman);
      expect(await both(podman, '/bin/data')).toEqual([126, 255]);
      expect(await both(podman, '/bin/empty')).toEqual([126, 255]);
      expect(await both(podman, '/bin/wild')).toEqual([126, 127]);
      expect((await podman.command(['ps', '--format', '{{.Names}}'])).stdout).toBe('stays\n');
    },
    { differs: { runc: late, crun: late } },
  );

  promise(
    'an empty name',
    async (podman) => {
      await programs(podman);
      expect(await both(podman, '')).toEqual([127, 127]);
    },
    { differs: { crun: 'tries to open the root folder: 126' } },
  );

  promise('flags that podman does not know, and names that are taken', async (podman) => {
    expect((await podman.run(['--wombat'], ['true'])).status).toBe(125);
    await podman.detach('stays', [], stays);
    expect((await podman.run(['--name', 'stays'], ['true'])).status).toBe(125);
    expect((await podman.command(['exec', 'absent', 'true'])).status).toBe(125);
  });

  promise('a directory that is not there', async (podman) => {
    await podman.detach('stays', [], stays);
    await podman.command(['exec', '--workdir', '/not/there', 'stays', 'true']);
    await podman.command(['exec', '--workdir', '/etc/passwd', 'stays', 'true']);
    await podman.command(['exec', '--user', 'wombat', 'stays', 'true']);
    const file = await podman.run(['--workdir', '/etc/passwd'], ['true']);
    expect(file.status).not.toBe(0);
  });

  promise('exec in a container that has ended', async (podman) => {
    await podman.detach('ended', [], ['true']);
    await podman.command(['wait', 'ended']);
    expect((await podman.command(['exec', 'ended', 'true'])).status).toBe(255);
  });

  promise('mounts that cannot be', async (podman) => {
    const { rig } = podman;
    const folder = rig.directory('folder');
    writeFileSync(join(rig.dir, 'file'), '', { mode: 0o644 });
    const mounts = [
      [`${folder}:/etc/passwd`],
      [`${join(rig.dir, 'file')}:/root`],
      [`${folder}:/etc/passwd/below`],
      [`${folder}:/v:wombat`],
    ];
    for (const mount of mounts) {
      const flags = mount.flatMap((one) => ['--volume', one]);
      expect((await podman.run(flags, ['true'])).status).not.toBe(0);
    }
  });

  promise('the status of a program that a signal ends', async (podman) => {
    for (const [signal, status] of Object.entries({ KILL: 137, SEGV: 139, TERM: 143 })) {
      // Not process 1, which the kernel spares.
      const script = `sh -c 'kill -${signal} $$'; exit $?`;
      expect((await podman.run([], ['sh', '-c', script])).status).toBe(status);
    }
  });
});
