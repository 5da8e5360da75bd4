// create, start, state, kill, delete, list, ps: a container from its beginning to its end.

import { userInfo } from 'node:os';
import { expect } from '@jest/globals';
import type { State } from '../../src/spec/types.js';
import { detached, remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

const becomes = (rig: Rig, id: string, status: State['status']) =>
  until(async () => (await rig.state(id)).status === status);

bothWays('the lifecycle', (promise) => {
  promise('created, running, stopped, gone', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo started; exec sleep 1000');
    const { id, ran } = await rig.create(bundle);
    expect(await rig.state(id)).toMatchObject({ status: 'created' });
    expect(ran).toMatchObject({ stdout: '', status: 0 });
    expect(await rig.command(['start', id])).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(await rig.state(id)).toMatchObject({ status: 'running' });
    expect(await until(() => ran.outputSoFar() === 'started\n')).toBe(true);
    expect(await rig.command(['kill', id, 'KILL'])).toMatchObject({ status: 0, stderr: '' });
    expect(await becomes(rig, id, 'stopped')).toBe(true);
    expect(await rig.command(['delete', id])).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const { status, stderr } = await rig.command(['state', id]);
    expect(status).toBe(1);
    expect(stderr).toContain(`container \\"${id}\\" does not exist`);
  });

  promise('state has every property of the specification and owner', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => Object.assign(config, { annotations: { 'org.example.k': 'v w' } }));
    const before = Date.now();
    const { id } = await rig.create(bundle);
    const state = await rig.state(id);
    expect(state).toEqual({
      ociVersion: '1.3.0',
      id,
      status: 'created',
      pid: expect.any(Number),
      bundle: bundle.path,
      rootfs: bundle.rootfs,
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      annotations: { 'org.example.k': 'v w' },
      owner: rig.identity.uid === userInfo().uid ? userInfo().username : rig.identity.name,
    });
    const created = Date.parse(String('created' in state && state.created));
    expect(created).toBeGreaterThanOrEqual(before - 1000);
    expect(created).toBeLessThanOrEqual(Date.now() + 1000);
    await remove(rig, id);
  });

  promise('what is refused where says why', async (rig) => {
    const { id } = await rig.create((await rig.bundle()).runs('exec sleep 1000'));
    await rig.command(['start', id]);
    expect((await rig.command(['start', id])).stderr).toMatch(/cannot start.*running/);
    expect((await rig.command(['delete', id])).stderr).toMatch(/cannot delete.*not stopped/);
    await rig.command(['kill', id, '9']);
    expect(await becomes(rig, id, 'stopped')).toBe(true);
    expect((await rig.command(['kill', id])).stderr).toContain('container not running');
    expect((await rig.command(['start', id])).stderr).toMatch(/cannot start.*stopped/);
    const exec = await rig.command(['exec', id, 'true']);
    expect([exec.status, exec.stderr]).toEqual([255, expect.stringContaining('stopped')]);
    expect((await rig.command(['kill', '--all', id])).status).toBe(0);
    await remove(rig, id);
  });

  promise('a created container can be killed and deleted without a start', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo never');
    const first = await rig.create(bundle);
    expect((await rig.command(['kill', first.id])).status).toBe(0);
    expect(await becomes(rig, first.id, 'stopped')).toBe(true);
    expect((await rig.command(['delete', first.id])).status).toBe(0);
    const second = await rig.create(bundle);
    expect((await rig.command(['delete', second.id])).status).toBe(0);
    expect(first.ran.outputSoFar() + second.ran.outputSoFar()).toBe('');
  });

  promise('a changed config.json has no effect on a container that was created', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo as created');
    const { id, ran } = await rig.create(bundle);
    bundle.runs('echo changed').write('{}');
    await rig.command(['start', id]);
    expect(await until(() => ran.outputSoFar() === 'as created\n')).toBe(true);
    await remove(rig, id);
  });

  promise('start says when the program cannot be executed', async (rig) => {
    const bundle = await rig.bundle();
    await rig.execute([
      'sh',
      '-c',
      `echo nonsense >${bundle.rootfs}/tmp/bad; chmod +x ${bundle.rootfs}/tmp/bad`,
    ]);
    const { id } = await rig.create(bundle.runs(['/tmp/bad']));
    const { status, stderr } = await rig.command(['start', id]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/exec: .*\/tmp\/bad.*exec format error.*\/process\/args\/0/);
    expect(await becomes(rig, id, 'stopped')).toBe(true);
    await remove(rig, id);
  });

  promise('kill takes a signal by name, with SIG and by number; TERM by default', async (rig) => {
    const names = ['TERM', 'USR1', 'USR2', 'HUP'];
    const traps = names.map((name) => `trap 'echo ${name}' ${name}`).join('; ');
    const bundle = (await rig.bundle()).runs(`${traps}; echo ready; while :; do sleep 0.02; done`);
    const { id, ran } = await rig.create(bundle);
    await rig.command(['start', id]);
    await until(() => ran.outputSoFar() === 'ready\n');
    let expected = 'ready\n';
    for (const [args, name] of [
      [[], 'TERM'],
      [['USR1'], 'USR1'],
      [['SIGUSR2'], 'USR2'],
      [['1'], 'HUP'],
      [['sigusr1'], 'USR1'],
    ] as const) {
      expect((await rig.command(['kill', id, ...args])).status).toBe(0);
      expected += `${name}\n`;
      expect(await until(() => ran.outputSoFar() === expected)).toBe(true);
    }
    expect((await rig.command(['kill', id, 'NONSENSE'])).stderr).toMatch(/NONSENSE/);
    await remove(rig, id);
  });

  promise('run --detach leaves the container’s own process alone', async (rig) => {
    const { id, pid, remove } = await detached(rig, await rig.bundle());
    const processes = rig.leftovers().flatMap((one) => (one.kind === 'process' ? [one.pid] : []));
    expect(processes).toEqual([pid]);
    expect(await rig.state(id)).toMatchObject({ status: 'running', pid });
    await remove();
  });

  promise('run --keep leaves the state of a container that has ended', async (rig) => {
    const id = rig.newId();
    const ran = await rig.run((await rig.bundle()).runs('exit 3'), { id, flags: ['--keep'] });
    expect(ran.status).toBe(3);
    expect(await rig.state(id)).toMatchObject({ status: 'stopped', pid: 0 });
    expect((await rig.command(['delete', id])).status).toBe(0);
  });
});

bothWays('list and ps', (promise) => {
  promise('list: a table, ids, JSON', async (rig) => {
    const bundle = await rig.bundle();
    expect(await rig.command(['list', '--format', 'json'])).toMatchObject({ stdout: '[]\n' });
    const running = await detached(rig, bundle);
    const { id } = await rig.create(bundle);
    const table = (await rig.command(['list'])).stdout.trimEnd().split('\n');
    expect(table[0]?.trimEnd().split(/\s+/)).toEqual([
      'ID',
      'PID',
      'STATUS',
      'BUNDLE',
      'CREATED',
      'OWNER',
    ]);
    expect(table[1]).toMatch(
      new RegExp(`^${running.id} +${running.pid} +running +${bundle.path} `),
    );
    expect(table).toHaveLength(3);
    expect((await rig.command(['list', '-q'])).stdout).toBe(`${running.id}\n${id}\n`);
    const json = JSON.parse((await rig.command(['list', '-f', 'json'])).stdout);
    expect(json).toEqual([await rig.state(running.id), await rig.state(id)]);
    await running.remove();
    await remove(rig, id);
  });

  promise('ps: what ps(1) shows of the container, or the pids', async (rig) => {
    const { id, pid, remove } = await detached(
      rig,
      await rig.bundle(),
      'sleep 1001 & sleep 1002 & wait',
    );
    const commands = async () => (await rig.command(['ps', id, '-o', 'pid,args'])).stdout;
    expect(await until(async () => (await commands()).includes('sleep 1002'))).toBe(true);
    const lines = (await commands()).trimEnd().split('\n');
    expect(
      lines
        .slice(1)
        .map((line) => line.trim().replace(/^\d+ /, ''))
        .toSorted(),
    ).toEqual([expect.stringContaining('/bin/sh -c'), 'sleep 1001', 'sleep 1002']);
    expect((await rig.command(['ps', id])).stdout).toMatch(/^UID +PID +PPID /);
    const pids = JSON.parse((await rig.command(['ps', '--format', 'json', id])).stdout);
    expect(pids).toHaveLength(3);
    expect(pids).toContain(pid);
    await remove();
  });
});
