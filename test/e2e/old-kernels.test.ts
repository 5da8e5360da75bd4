// Kernels that lack a system call, as a seccomp filter around the runtime makes one.

import { expect } from '@jest/globals';
import { detached, remove } from '../rig/inside.js';
import { leftBehind, onlyLine } from '../rig/refusal.js';
import type { Rig } from '../rig/rig.js';
import { bothWays } from '../rig/ways.js';

/** The numbers are the same on all architectures from 424 on. */
const calls = {
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  clone3: 435,
  openat2: 437,
  mount_setattr: 442,
};

const REMEDY =
  /\(ENOSYS\).*; sampan needs Linux 5\.12, and no seccomp filter around it that answers ENOSYS/;

bothWays('a kernel that lacks what sampan needs', (promise) => {
  for (const [name, number] of Object.entries(calls)) {
    promise(`is told by the call: ${name}; nothing runs or is left`, async (rig) => {
      const bundle = (await rig.bundle()).runs('echo ran');
      bundle.edit(({ mounts }) => {
        mounts.push({ destination: '/mnt', source: '/usr', options: ['rbind', 'rro'] });
      });
      const ran = await rig.execute(without(rig, number, ['run', '-b', bundle.path, rig.newId()]));
      expect(ran.status).toBe(1);
      const line = onlyLine(ran);
      expect(line).toContain(`: ${name}: function not implemented`);
      expect(line).toMatch(REMEDY);
      expect(await leftBehind(rig)).toEqual([]);
    });
  }

  promise('is told by exec, too', async (rig) => {
    const { id } = await detached(rig, await rig.bundle());
    const ran = await rig.execute(without(rig, calls.clone3, ['exec', id, 'echo', 'ran']));
    expect(ran.status).toBe(255);
    expect(onlyLine(ran)).toMatch(REMEDY);
    await remove(rig, id);
  });
});

function without(rig: Rig, number: number, args: readonly string[]): string[] {
  const program = rig.program('without-calls');
  return [program, String(number), '--', ...rig.commandLine(), ...args];
}
