// SCMP_ACT_NOTIFY: an agent decides about system calls (config-linux.md#containerprocessstate).

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Seccomp } from '../../src/spec/config/seccomp.js';
import type { Bundle } from '../rig/bundle.js';
import type { Running } from '../rig/execute.js';
import { remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { onAnyKernel } from '../rig/ways.js';

/** What the agent answers to mkdir, in the words of busybox. */
const DENIED = "mkdir: can't create directory '/dev/shm/x': No medium found\n";
const MKDIR = 'mkdir /dev/shm/x 2>&1';

const notify = (...names: string[]): Seccomp => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  listenerMetadata: 'shop="7"',
  syscalls: [{ names: ['mkdir', 'mkdirat', ...names], action: 'SCMP_ACT_NOTIFY' }],
});

onAnyKernel('a seccomp agent', (promise) => {
  for (const noNewPrivileges of [true, false]) {
    const how = `noNewPrivileges ${noNewPrivileges}`;

    promise(`decides for run, ${how}`, async (rig) => {
      const { path, agent } = await listen(rig, 1);
      const bundle = await guarded(rig, path, noNewPrivileges, notify());
      const { stdout, stderr } = await rig.run(bundle.runs(`${MKDIR}; echo on`), { id: 'asks' });
      expect({ stdout, stderr }).toEqual({ stdout: `${DENIED}on\n`, stderr: '' });
      const [told] = statesOf((await agent.ended).stdout);
      expect(told).toEqual({
        ociVersion: expect.stringMatching(/^1\./),
        fds: ['seccompFd'],
        pid: expect.any(Number),
        metadata: 'shop="7"',
        state: {
          ociVersion: expect.stringMatching(/^1\./),
          id: 'asks',
          status: 'creating',
          pid: told?.pid,
          bundle: bundle.path,
          annotations: { team: 'web' },
        },
      });
    });

    promise(`decides for create, start and exec, ${how}`, async (rig) => {
      const { path, agent } = await listen(rig, 2);
      const bundle = await guarded(rig, path, noNewPrivileges, notify());
      const { id, ran } = await rig.create(bundle.runs(`${MKDIR}; exec sleep 1000`));
      const { pid } = await rig.state(id);
      expect((await rig.command(['start', id])).stderr).toBe('');
      expect(await until(() => ran.outputSoFar() === DENIED)).toBe(true);
      const again = await rig.command(['exec', id, 'mkdir', '/dev/shm/x']);
      expect(again.stderr).toBe(DENIED);
      await remove(rig, id);
      const [first, second] = statesOf((await agent.ended).stdout);
      const status = noNewPrivileges ? 'created' : 'creating';
      expect(first).toMatchObject({ pid, state: { status, id, pid } });
      expect(second).toMatchObject({ state: { status: 'running', id, pid } });
      expect(second?.pid).toBeGreaterThan(1);
      expect(second?.pid).not.toBe(pid);
    });

    promise(`may be asked about what the set-up itself needs, ${how}`, async (rig) => {
      const { path, agent } = await listen(rig, 1);
      const needed = ['sendmsg', 'sendto', 'recvfrom', 'write', 'close', 'execve', 'exit_group'];
      const bundle = await guarded(rig, path, noNewPrivileges, notify(...needed));
      expect((await rig.run(bundle.runs(MKDIR))).stdout).toBe(DENIED);
      expect((await agent.ended).status).toBe(0);
    });

    promise(`may be asked about every call, ${how}`, async (rig) => {
      const { path, agent } = await listen(rig, 1);
      const bundle = await guarded(rig, path, noNewPrivileges, {
        defaultAction: 'SCMP_ACT_NOTIFY',
        flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'],
      });
      expect((await rig.run(bundle.runs(MKDIR))).stdout).toBe(DENIED);
      const [told] = statesOf((await agent.ended).stdout);
      expect(told).not.toHaveProperty('metadata');
    });

    promise(`that leaves makes the calls fail, ${how}`, async (rig) => {
      const { path } = await listen(rig, 0);
      const bundle = await guarded(rig, path, noNewPrivileges, notify());
      expect((await rig.run(bundle.runs(MKDIR))).stdout).toContain('Function not implemented');
    });

    promise(`that leaves although every call is its own to decide ends it, ${how}`, async (rig) => {
      const { path } = await listen(rig, 0);
      const bundle = await guarded(rig, path, noNewPrivileges, {
        defaultAction: 'SCMP_ACT_NOTIFY',
      });
      const { status, stdout } = await rig.run(bundle.runs('echo runs'), { timeout: 10_000 });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    });

    promise(`that is not there: run tells where, and nothing is left, ${how}`, async (rig) => {
      const path = join(rig.directory('agent'), 'nobody');
      const bundle = await guarded(rig, path, noNewPrivileges, notify());
      const { status, stderr } = await rig.run(bundle.runs('echo runs'));
      expect(status).toBe(1);
      expect(stderr).toMatch(/seccomp agent: \S*nobody: connect: no such file or directory/);
      expect(stderr).toContain('/linux/seccomp/listenerPath');
      expect((await rig.command(['list', '-q'])).stdout).toBe('');
    });
  }

  promise('that is not there: create fails, or start where the filter comes then', async (rig) => {
    const path = join(rig.directory('agent'), 'nobody');
    const early = await guarded(rig, path, false, notify());
    const created = await rig.command(['create', '-b', early.path, rig.newId()]);
    expect(created.status).toBe(1);
    expect(created.stderr).toContain('seccomp agent');
    expect((await rig.command(['list', '-q'])).stdout).toBe('');

    const late = await guarded(rig, path, true, notify());
    const { id, ran } = await rig.create(late.runs('echo runs'));
    const started = await rig.command(['start', id]);
    expect(started.status).toBe(1);
    expect(started.stderr).toContain('seccomp agent');
    expect((await rig.state(id)).status).toBe('stopped');
    expect(ran.outputSoFar()).toBe('');
    expect((await rig.command(['delete', id])).status).toBe(0);
  });

  promise('is not connected to where no call is for it', async (rig) => {
    const path = join(rig.directory('agent'), 'nobody');
    const bundle = await guarded(rig, path, true, { defaultAction: 'SCMP_ACT_ALLOW' });
    expect((await rig.run(bundle.runs('echo runs'))).stdout).toBe('runs\n');
  });
});

async function guarded(
  rig: Rig,
  listenerPath: string,
  noNewPrivileges: boolean,
  seccomp: Seccomp,
): Promise<Bundle> {
  const bundle = await rig.bundle();
  bundle.edit((config) => {
    config.annotations = { team: 'web' };
    Object.assign(config.process, { noNewPrivileges });
    config.linux.seccomp = { listenerPath, ...seccomp };
  });
  return bundle;
}

/** An agent that has started; it ends with the last process of its `containers`. */
async function listen(rig: Rig, containers: number): Promise<{ path: string; agent: Running }> {
  const path = join(rig.directory(`agent-${rig.newId()}`), 'socket');
  const agent = rig.launch([rig.program('seccomp-agent'), path, String(containers)]);
  expect(await until(() => existsSync(path))).toBe(true);
  return { path, agent };
}

interface Told {
  readonly pid: number;
  readonly state: Readonly<Record<string, unknown>>;
}

function statesOf(output: string): Told[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
