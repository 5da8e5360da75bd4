// The process of `exec`: every property of --process, and of the container's own one without it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Process } from '../../src/spec/types.js';
import { entered } from '../rig/exec.js';
import { detached } from '../rig/inside.js';
import { onlyLine } from '../rig/refusal.js';
import type { Rig } from '../rig/rig.js';
import { asRoot, bothWays } from '../rig/ways.js';

/** What an ordinary user may give as well. */
const everything: Partial<Process> = {
  cwd: '/tmp',
  env: ['PATH=/bin', 'OF=document'],
  user: { uid: 0, gid: 0, umask: 0o37 },
  capabilities: {
    bounding: ['CAP_KILL', 'CAP_CHOWN'],
    effective: ['CAP_KILL'],
    permitted: ['CAP_KILL'],
  },
  rlimits: [{ type: 'RLIMIT_NOFILE', soft: 20, hard: 40 }],
  noNewPrivileges: true,
  oomScoreAdj: 700,
  scheduler: { policy: 'SCHED_BATCH', nice: 19 },
  ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 7 },
  execCPUAffinity: { final: '0' },
};

const seen = {
  cwd: '/tmp',
  umask: 0o37,
  noNewPrivileges: true,
  oomScoreAdj: 700,
  scheduler: expect.objectContaining({ policy: 'SCHED_BATCH', nice: 19 }),
  ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 7 },
  affinity: [0],
};

const sections = [
  ...(['cwd', 'umask', 'noNewPrivileges', 'oomScoreAdj', 'scheduler', 'ioPriority'] as const),
  ...(['affinity', 'rlimits', 'capabilities', 'env', 'terminal', 'user'] as const),
];

bothWays('the process of exec', (promise) => {
  promise('has every property of --process, and of the container’s own none', async (rig) => {
    const { id, sees, remove } = await entered(rig, await rig.bundle());
    const found = await sees(sections, ['--process', document(rig, { ...everything })]);
    expect(found).toMatchObject(seen);
    expect(found.rlimits['RLIMIT_NOFILE']).toEqual({ soft: 20, hard: 40 });
    expect(found.capabilities).toEqual({
      bounding: ['CAP_CHOWN', 'CAP_KILL'],
      effective: ['CAP_KILL'],
      permitted: ['CAP_KILL'],
      inheritable: [],
      ambient: [],
    });
    expect(found.env).toEqual(expect.arrayContaining(['PATH=/bin', 'OF=document', 'HOME=/root']));
    expect(found.terminal.isTerminal).toBe(false);
    const bare = document(rig, {
      args: ['sh', '-c', 'echo $OF$PATH; ulimit -n; pwd'],
      cwd: '/etc',
    });
    const { stdout } = await rig.command(['exec', '-p', bare, id]);
    expect(stdout).toMatch(/^[^\n]*\n\d+\n\/etc\n$/);
    await remove();
  });

  promise('is as the container’s own without --process', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, everything));
    const { sees, remove } = await entered(rig, bundle);
    const found = await sees(sections);
    expect(found).toMatchObject(seen);
    expect(found.rlimits['RLIMIT_NOFILE']).toEqual({ soft: 20, hard: 40 });
    expect(found.capabilities.effective).toEqual(['CAP_KILL']);
    await remove();
  });

  promise('has what the command line says on top of --process', async (rig) => {
    const { sees, remove } = await entered(rig, await rig.bundle());
    const file = document(rig, { ...everything, noNewPrivileges: false });
    const flags = ['--cwd', '/etc', '-e', 'OF=line', '-c', 'SETUID', '--no-new-privs'];
    const found = await sees(sections, ['-p', file, ...flags]);
    expect(found).toMatchObject({ ...seen, cwd: '/etc' });
    expect(found.env).toContain('OF=line');
    expect(found.capabilities).toMatchObject({
      effective: ['CAP_KILL', 'CAP_SETUID'],
      inheritable: [],
      ambient: [],
    });
    await remove();
  });

  promise('a wrong document is told with its place, and nothing runs', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const refused = async (...words: string[]) => {
      const ran = await rig.command(['exec', ...words]);
      expect(ran.status).toBe(255);
      return onlyLine(ran);
    };
    const wrong = (process: object) => refused('-p', document(rig, process), id, 'echo', 'ran');
    expect(await wrong({ cwd: 'relative' })).toMatch(/^check the process document: \/cwd: /);
    expect(await wrong({ rlimits: [{ type: 'RLIMIT_X', soft: 1, hard: 1 }] })).toMatch(
      /^check the process document: \/rlimits\/0\/type: /,
    );
    expect(await wrong({ user: { uid: -1, gid: 0 } })).toMatch(/\/user\/uid: /);
    const text = join(rig.dir, 'text.json');
    writeFileSync(text, '{"args": [', { mode: 0o644 });
    expect(await refused('-p', text, id)).toMatch(/text\.json/);
    expect(await refused('-p', '/nowhere.json', id)).toMatch(/\/nowhere\.json: .*ENOENT/);
    expect(await refused(id)).toMatch(/no command given; name a program or --process FILE$/);
    await remove();
  });

  promise('a terminal of --process needs its console socket where exec detaches', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const file = document(rig, { args: ['true'], terminal: true });
    const { status, stderr } = await rig.command(['exec', '--detach', '-p', file, id]);
    expect([status, stderr]).toEqual([255, expect.stringContaining('no console socket')]);
    await remove();
  });

  promise('a capability that there is not, or cannot be had, is a warning', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const flags = ['--cap', 'CAP_SYS_ADMNI'];
    const { status, stdout, stderr } = await rig.command(['exec', ...flags, id, 'echo', 'ran']);
    expect([status, stdout]).toEqual([0, 'ran\n']);
    expect(stderr).toMatch(/level=warning .*CAP_SYS_ADMNI.*did you mean .*CAP_SYS_ADMIN/);
    const capabilities = { bounding: ['CAP_NEW'], permitted: ['CAP_NEW'], effective: ['CAP_NEW'] };
    const file = document(rig, { args: ['echo', 'ran'], capabilities });
    const unknown = await rig.command(['exec', '-p', file, id]);
    expect(unknown).toMatchObject({ status: 0, stdout: 'ran\n' });
    expect(unknown.stderr).toMatch(/level=warning .*CAP_NEW/);
    await remove();
  });
});

asRoot('the process of exec', (promise) => {
  promise('has the user, the groups and the umask of --process', async (rig) => {
    const { sees, remove } = await entered(rig, await rig.bundle());
    const user = { uid: 7, gid: 8, additionalGids: [9, 10], umask: 0o77 };
    const found = await sees(['user', 'umask'], ['-p', document(rig, { user })]);
    expect(found.user).toEqual({ uid: [7, 7, 7, 7], gid: [8, 8, 8, 8], groups: [9, 10] });
    expect(found.umask).toBe(0o77);
    await remove();
  });
});

let documents = 0;

/** A file with a process object, whose args the command line gives. */
function document(rig: Rig, process: object): string {
  documents += 1;
  const path = join(rig.dir, `process-${documents}.json`);
  const whole = { args: ['true'], cwd: '/', user: { uid: 0, gid: 0 }, ...process };
  writeFileSync(path, JSON.stringify(whole), { mode: 0o644 });
  return path;
}
