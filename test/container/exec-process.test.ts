import { describe, expect, test } from '@jest/globals';
import type { ExecOptions } from '../../src/container/exec.js';
import { execProcess } from '../../src/container/exec-process.js';
import type { Process } from '../../src/spec/types.js';

const base: Process = {
  terminal: true,
  consoleSize: { height: 24, width: 80 },
  cwd: '/work',
  env: ['A=1'],
  args: ['first'],
  user: { uid: 5, gid: 6, additionalGids: [7] },
  capabilities: {
    bounding: ['CAP_KILL'],
    effective: ['CAP_KILL'],
    permitted: ['CAP_KILL'],
    inheritable: [],
    ambient: [],
  },
  noNewPrivileges: true,
};
const build = (options: Partial<ExecOptions>) =>
  execProcess(base, {
    ...{ id: 'x', detach: false, preserveFds: 0, ignorePaused: false, args: ['second'] },
    ...options,
  });

describe('the process of exec', () => {
  test("takes after the container's own, without its terminal", async () => {
    const { terminal: _, consoleSize: __, ...rest } = base;
    expect(await build({})).toEqual({ ...rest, args: ['second'], terminal: false });
  });

  test('has a terminal when asked for', async () => {
    expect((await build({ tty: true })).terminal).toBe(true);
  });

  test('adds to the environment', async () => {
    expect((await build({ env: ['B=2', 'A=3'] })).env).toEqual(['A=1', 'B=2', 'A=3']);
  });

  test('keeps the group when only the user is given', async () => {
    expect((await build({ user: { uid: 9 } })).user).toEqual({
      uid: 9,
      gid: 6,
      additionalGids: [7],
    });
    expect((await build({ user: { uid: 9, gid: 0 } })).user).toMatchObject({ uid: 9, gid: 0 });
  });

  test('adds groups', async () => {
    expect((await build({ additionalGids: [8] })).user.additionalGids).toEqual([7, 8]);
  });

  test('CVE-2022-29162: added capabilities are never inheritable or ambient', async () => {
    expect((await build({ caps: ['CAP_SYS_ADMIN', 'net_raw', 'CAP_KILL'] })).capabilities).toEqual({
      bounding: ['CAP_KILL', 'CAP_SYS_ADMIN', 'CAP_NET_RAW'],
      effective: ['CAP_KILL', 'CAP_SYS_ADMIN', 'CAP_NET_RAW'],
      permitted: ['CAP_KILL', 'CAP_SYS_ADMIN', 'CAP_NET_RAW'],
      inheritable: [],
      ambient: [],
    });
  });

  test('can be forbidden new privileges and put in another directory', async () => {
    expect(await build({ noNewPrivs: true, cwd: '/tmp' })).toMatchObject({
      noNewPrivileges: true,
      cwd: '/tmp',
    });
  });

  test('needs a program', async () => {
    await expect(build({ args: [] })).rejects.toThrow('no program to run');
  });
});

describe('a process document', () => {
  const { args: _, ...withoutArgs } = base;

  test('is taken as it is', async () => {
    const document = { cwd: '/', args: ['third'], user: { uid: 1, gid: 1 }, terminal: true };
    const options = { id: 'x', detach: false, preserveFds: 0, ignorePaused: false };
    const process = await execProcess(base, { ...options, process: document });
    expect(process).toEqual({ ...document, env: [] });
  });

  test('that is wrong is refused with the place', async () => {
    await expect(build({ process: withoutArgs })).rejects.toThrow(
      /check the process document: \/args/,
    );
  });
});
