// Who runs into a limit is told which one.

import { expect } from '@jest/globals';
import type { Resources } from '../../../src/spec/types.js';
import { type Guest, inGuest } from '../containers.js';

const MB = 1024 * 1024;

inGuest('a limit that is reached', 'quick', ['root', 'user'], (promise) => {
  promise('too little memory to start is told with its limit and place', async (guest) => {
    const bundle = await limited(guest, 'true', { memory: { limit: 4096, swap: 4096 } });
    for (const verb of ['run', 'create']) {
      const { status, stderr } = await guest.run(`sampan ${verb} -b ${bundle} ${guest.newId()}`);
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(
          /start init: the kernel killed for want of memory: .*4096 bytes.*\/linux\/resources\/memory\/limit/,
        ),
      ]);
    }
    expect(await guest.output('sampan list -q')).toBe('');
  });

  promise('of memory is told when it is reached by the start of the program', async (guest) => {
    // The arguments are copied once more when the program is executed: more than is left then.
    const bundleWith = async (limit: number) => {
      const bundle = await guest.bundle('', ({ process, linux }) => {
        Object.assign(process, { args: ['true', ...Array.from({ length: 8 }, () => '@')] });
        linux.resources = { memory: { limit, swap: limit } };
      });
      const fill = `x=$(head -c 100000 /dev/zero | tr '\\0' x); sed -i "s/@/$x/g" ${bundle}/config.json`;
      await guest.output(fill);
      return bundle;
    };
    const bundle = await bundleWith(256 * MB);
    const id = guest.newId();
    await guest.output(`sampan create -b ${bundle} ${id}`);
    const used = Number(await guest.output(`cat ${await guest.cgroup(id)}/memory.current`));
    const limit = used + MB / 4;
    await guest.output(`sampan update --memory ${limit} --memory-swap ${limit} ${id}`);
    const started = await guest.run(`sampan start ${id}`);
    await guest.output(`sampan delete ${id}`);
    const told =
      'the kernel killed for want of memory: the container may use \\d+ bytes.*/memory/limit';
    expect(started.stderr).toMatch(new RegExp(`start container ${id}: ${told}`));
    const run = await guest.run(`sampan run -d -b ${await bundleWith(limit)} ${id}`);
    expect(run.stderr).toMatch(new RegExp(told));
    expect([started.status, run.status]).toEqual([1, 1]);
    expect(await guest.output('sampan list -q')).not.toContain(id);
  });

  promise('of memory is told when the program was killed for it, and only then', async (guest) => {
    const hog = 'exec dd if=/dev/zero of=/dev/null bs=200M count=1';
    const memory = { limit: 32 * MB, swap: 32 * MB };
    const bundle = await limited(guest, hog, { memory });
    const { status, stderr } = await guest.run(`sampan run -b ${bundle} ${guest.newId()}`);
    expect(status).toBe(137);
    expect(stderr).toMatch(
      /ended by SIGKILL: the kernel killed for want of memory: .*33554432 bytes.*\/memory\/limit/,
    );
    const other = await limited(guest, 'exec sleep 1000', { memory });
    const id = guest.newId();
    const script = `
      sampan run -b ${other} ${id} & until sampan state ${id} 2>/dev/null | grep -q running; do sleep 0.1; done
      sampan kill ${id} KILL; wait $!`;
    expect(await guest.run(script)).toEqual({ status: 137, stdout: '', stderr: '' });
  });

  promise('of processes is told when exec can fork no other', async (guest) => {
    const bundle = await limited(guest, 'exec sleep 1000', { pids: { limit: 1 } });
    const id = guest.newId();
    await guest.output(`sampan run -d -b ${bundle} ${id}`);
    const { status, stderr } = await guest.run(`sampan exec ${id} true`);
    await guest.output(`sampan delete -f ${id}`);
    expect(status).toBe(255);
    expect(stderr).toMatch(/EAGAIN.*\/linux\/resources\/pids\/limit.*may hold 1 processes/);
  });
});

inGuest('a limit above that is reached', 'quick', ['root'], (promise) => {
  promise('is told with the cgroup that has it', async (guest) => {
    const bundle = await guest.bundle('true', ({ linux }) => {
      linux.cgroupsPath = '/full/one';
    });
    await guest.asRoot('mkdir /sys/fs/cgroup/full && echo 0 >/sys/fs/cgroup/full/pids.max');
    const { status, stderr } = await guest.run(`sampan run -b ${bundle} ${guest.newId()}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/clone3.*EAGAIN.*\/sys\/fs\/cgroup\/full may hold 0 processes/);
    await guest.asRoot('rmdir /sys/fs/cgroup/full');
  });
});

function limited(guest: Guest, script: string, resources: Resources): Promise<string> {
  return guest.bundle(script, ({ linux }) => Object.assign(linux, { resources }));
}
