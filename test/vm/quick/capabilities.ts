// What asks for CAP_SYS_RESOURCE, which root has in the guest.

import { expect } from '@jest/globals';
import { inGuest } from '../containers.js';

inGuest('with CAP_SYS_RESOURCE', 'quick', ['root'], (promise) => {
  promise('a hard limit can be raised', async (guest) => {
    const bundle = await guest.bundle('ulimit -Hn; ulimit -Sn', ({ process }) => {
      process.rlimits = [{ type: 'RLIMIT_NOFILE', hard: 900_000, soft: 800_000 }];
    });
    const script = `ulimit -n 1000; sampan run -b ${bundle} ${guest.newId()}`;
    expect(await guest.output(script)).toBe('900000\n800000\n');
  });

  promise('oom_score_adj can be lowered', async (guest) => {
    const bundle = await guest.bundle('cat /proc/self/oom_score_adj', ({ process }) => {
      process.oomScoreAdj = -900;
    });
    expect(await guest.output(`sampan run -b ${bundle} ${guest.newId()}`)).toBe('-900\n');
  });
});

inGuest('the guest', 'quick', ['root'], (promise) => {
  promise('gives every controller to a container', async (guest) => {
    const bundle = await guest.bundle(
      'cat /proc/self/cgroup; cat /sys/fs/cgroup/cgroup.controllers',
    );
    const [group, controllers = ''] = (
      await guest.output(`sampan run -b ${bundle} ${guest.newId()}`)
    ).split('\n');
    expect(group).toBe('0::/');
    expect(controllers.split(' ')).toEqual(expect.arrayContaining(['cpu', 'memory', 'pids']));
  });
});
