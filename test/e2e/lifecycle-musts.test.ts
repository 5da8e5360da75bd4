// Each MUST of runtime.md about the lifecycle and its operations; those about hooks are in
// hooks.test.ts and hooks-failing.test.ts.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { State } from '../../src/spec/types.js';
import type { Bundle } from '../rig/bundle.js';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { detached, remove } from '../rig/inside.js';
import { leftBehind } from '../rig/left-behind.js';
import { onlyLine, refusal } from '../rig/refusal.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { asRoot, bothWays } from '../rig/ways.js';

const becomes = (rig: Rig, id: string, status: State['status']) =>
  until(async () => (await rig.state(id)).status === status);

/** A container in each status. */
async function inEachStatus(rig: Rig) {
  const bundle = (await rig.bundle()).runs('exec sleep 1000');
  const created = await rig.create(bundle);
  const running = await detached(rig, bundle);
  const stopped = await detached(rig, bundle);
  await rig.command(['kill', stopped.id, 'KILL']);
  await becomes(rig, stopped.id, 'stopped');
  const ids = { created: created.id, running: running.id, stopped: stopped.id };
  return { ids, clear: () => Promise.all(Object.values(ids).map((id) => remove(rig, id))) };
}

/** Refused with one line, and the state is the same as before. */
async function refusedWithoutEffect(
  rig: Rig,
  args: readonly string[],
  id: string,
): Promise<string> {
  const before = await rig.state(id);
  const ran = await rig.command(args);
  expect(ran.status).toBe(1);
  expect(await rig.state(id)).toEqual(before);
  return onlyLine(ran);
}

async function gone(rig: Rig, id: string): Promise<boolean> {
  return (await rig.command(['state', id])).stderr.includes('does not exist');
}

bothWays('#operations', (promise) => {
  promise('generate an error if not provided the container ID', async (rig) => {
    const { path } = await rig.bundle();
    for (const verb of ['state', 'create', 'start', 'kill', 'delete']) {
      const words = verb === 'create' ? [verb, '-b', path] : [verb];
      const ran = await rig.command(words);
      expect({ verb, ok: ran.status === 0, said: ran.stderr }).toEqual({
        ...{ verb, ok: false },
        said: expect.stringContaining('container-id'),
      });
      expect(await leftBehind(rig)).toEqual([]);
    }
  });

  promise('generate an error for a container that does not exist', async (rig) => {
    for (const verb of ['state', 'start', 'kill', 'delete']) {
      expect(await refusal(rig, [verb, 'nobody'])).toContain('container "nobody" does not exist');
    }
  });
});

bothWays('#create', (promise) => {
  promise('generates an error without a path to the bundle', async (rig) => {
    // The directory it is called in stands for it, and has no config.json.
    expect(await refusal(rig, ['create', rig.newId()])).toContain('config.json');
  });

  promise('an ID that is not unique or not valid makes no container', async (rig) => {
    const bundle = (await rig.bundle()).runs('exec sleep 1000');
    for (const id of ['..', '.', 'a/b', 'a b', '../x', 'a\n', 'ü']) {
      await refusal(rig, ['create', '-b', bundle.path, id]);
    }
    const { id } = await rig.create(bundle);
    const said = await refusedWithoutEffect(rig, ['create', '-b', bundle.path, id], id);
    expect(said).toContain('already exists');
    expect((await rig.command(['list', '-q'])).stdout).toBe(`${id}\n`);
    await remove(rig, id);
  });

  promise('applies every property but process, and runs nothing of it', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo ran >/tmp/ran; echo ran');
    bundle.edit((config) => {
      config.root.readonly = false;
      config.hostname = 'as-asked';
      config.mounts.push({ destination: '/extra', type: 'tmpfs', source: 'extra' });
    });
    const { id, ran } = await rig.create(bundle);
    expect(await rig.state(id)).toMatchObject({ status: 'created' });
    const { stdout } = await rig.command([
      'exec',
      id,
      'sh',
      '-c',
      'hostname; grep -c /extra /proc/mounts',
    ]);
    expect(stdout).toBe('as-asked\n1\n');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([ran.outputSoFar(), existsSync(join(bundle.rootfs, 'tmp/ran'))]).toEqual(['', false]);
    await rig.command(['start', id]);
    expect(await until(() => ran.outputSoFar() === 'ran\n')).toBe(true);
    await remove(rig, id);
  });

  promise(
    'a property that cannot be applied is an error, and there is no container',
    async (rig) => {
      const bundle = await rig.bundle();
      const breaks: ((config: Bundle['config']) => void)[] = [
        ({ mounts }) => mounts.push({ destination: '/x', source: '/no/such', options: ['bind'] }),
        ({ mounts }) => mounts.push({ destination: '/x', type: 'nosuchfs', source: 'x' }),
        ({ linux }) => linux.namespaces.push({ type: 'time', path: '/no/such' }),
        (config) => Object.assign(config.root, { path: 'nowhere' }),
        ({ process }) => Object.assign(process, { args: ['/no/such/program'] }),
      ];
      const right = bundle.config;
      for (const change of breaks) {
        bundle.write(JSON.stringify(right)).edit(change);
        const id = rig.newId();
        await refusal(rig, ['create', '-b', bundle.path, id]);
        expect(await gone(rig, id)).toBe(true);
      }
    },
  );

  promise('#lifecycle: later changes of config.json have no effect', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo "$A"; exec sleep 1000');
    const annotate = (value: string) =>
      bundle.edit((config) => {
        config.annotations = { 'org.example.k': value };
        config.process.env = [`A=${value}`, 'PATH=/bin'];
        config.hooks = {
          poststop: [{ path: '/bin/sh', args: ['sh', '-c', `echo ${value} >&2; exit 1`] }],
        };
      });
    annotate('before');
    const { id, ran } = await rig.create(bundle);
    annotate('after');
    await rig.command(['start', id]);
    expect(await until(() => ran.outputSoFar() === 'before\n')).toBe(true);
    expect((await rig.state(id)).annotations).toEqual({ 'org.example.k': 'before' });
    expect((await rig.command(['exec', id, 'sh', '-c', 'echo $A'])).stdout).toBe('before\n');
    expect((await rig.command(['delete', '--force', id])).stderr).toContain('status 1: before');
  });
});

bothWays('#start', (promise) => {
  promise('of what is not created has no effect and generates an error', async (rig) => {
    const { ids, clear } = await inEachStatus(rig);
    for (const status of ['running', 'stopped'] as const) {
      const said = await refusedWithoutEffect(rig, ['start', ids[status]], ids[status]);
      expect(said).toContain(`it is ${status}, not created`);
    }
    await clear();
  });

  promise('generates an error if process was not set; all else works without', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      delete (config as { process?: unknown }).process;
      config.hostname = 'nothing-to-run';
    });
    const { id } = await rig.create(bundle);
    const said = await refusedWithoutEffect(rig, ['start', id], id);
    expect(said).toMatch(/has no process \[config.json \/process\]/);
    const process = join(rig.dir, 'process.json');
    writeFileSync(process, JSON.stringify({ cwd: '/', args: ['hostname'], env: ['PATH=/bin'] }));
    const { stdout } = await rig.command(['exec', '--process', process, id]);
    expect(stdout).toBe('nothing-to-run\n');
    expect((await rig.command(['kill', id, 'KILL'])).status).toBe(0);
    expect(await becomes(rig, id, 'stopped')).toBe(true);
    expect((await rig.command(['delete', id])).status).toBe(0);
    expect(await refusal(rig, ['run', '-b', bundle.path, rig.newId()])).toContain('/process');
  });

  promise(
    'runs the program; the status is running, and stopped when it has exited',
    async (rig) => {
      const bundle = (await rig.bundle()).runs('echo runs; read line </tmp/go');
      bundle.edit((config) => {
        config.root.readonly = false;
      });
      const { id, ran } = await rig.create(bundle);
      await rig.command(['exec', id, 'mkfifo', '/tmp/go']);
      expect((await rig.command(['start', id])).status).toBe(0);
      expect(await rig.state(id)).toMatchObject({ status: 'running' });
      expect(await until(() => ran.outputSoFar() === 'runs\n')).toBe(true);
      await rig.command(['exec', id, 'sh', '-c', 'echo >/tmp/go']);
      expect(await becomes(rig, id, 'stopped')).toBe(true);
      expect((await rig.command(['delete', id])).status).toBe(0);
    },
  );
});

bothWays('#kill', (promise) => {
  promise(
    'of what is neither created nor running has no effect and generates an error',
    async (rig) => {
      const { ids, clear } = await inEachStatus(rig);
      for (const signal of ['TERM', 'KILL', '0']) {
        const said = await refusedWithoutEffect(rig, ['kill', ids.stopped, signal], ids.stopped);
        expect(said).toContain('container not running');
      }
      for (const status of ['created', 'running'] as const) {
        expect((await rig.command(['kill', ids[status], 'KILL'])).status).toBe(0);
        expect(await becomes(rig, ids[status], 'stopped')).toBe(true);
      }
      await clear();
    },
  );

  promise('sends the specified signal to the container process', async (rig) => {
    const script = "trap 'echo got USR1' USR1; echo ready; while :; do sleep 0.02; done";
    const { id, ran } = await rig.create((await rig.bundle()).runs(script));
    await rig.command(['start', id]);
    await until(() => ran.outputSoFar() === 'ready\n');
    await rig.command(['kill', id, 'USR1']);
    expect(await until(() => ran.outputSoFar() === 'ready\ngot USR1\n')).toBe(true);
    await remove(rig, id);
  });
});

bothWays('#delete', (promise) => {
  promise('of what is not stopped has no effect and generates an error', async (rig) => {
    const { ids, clear } = await inEachStatus(rig);
    const said = await refusedWithoutEffect(rig, ['delete', ids.running], ids.running);
    expect(said).toContain('not stopped: running');
    // As in runc, what never ran may go without a kill.
    expect((await rig.command(['delete', ids.created])).status).toBe(0);
    await clear();
  });

  promise('deletes what create made, and nothing that it did not make', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo kept >/mine/by-container; exec sleep 1000');
    const mine = rig.directory('mine');
    bundle.edit((config) => {
      config.mounts.push({ destination: '/mine', source: mine, options: ['bind'] });
    });
    const { id } = await rig.create(bundle);
    const other = await rig.create(bundle);
    await rig.command(['start', id]);
    await until(() => existsSync(join(mine, 'by-container')));
    await rig.command(['kill', id, 'KILL']);
    await becomes(rig, id, 'stopped');
    expect((await rig.command(['delete', id])).status).toBe(0);
    expect(await gone(rig, id)).toBe(true);
    expect(readFileSync(join(mine, 'by-container'), 'utf8')).toBe('kept\n');
    expect([existsSync(bundle.configPath), existsSync(bundle.rootfs)]).toEqual([true, true]);
    expect(await rig.state(other.id)).toMatchObject({ status: 'created' });
    await remove(rig, other.id);
  });

  promise('frees the ID', async (rig) => {
    const bundle = await rig.bundle();
    const id = rig.newId();
    for (let i = 0; i < 3; i++) {
      expect((await rig.command(['create', '-b', bundle.path, id])).status).toBe(0);
      expect((await rig.command(['delete', id])).status).toBe(0);
    }
  });
});

/** A foreground run whose helper sleeps while its container is deleted and another takes its id. */
async function overtaken(rig: Rig, bundle: Bundle): Promise<void> {
  const id = rig.newId();
  const first = rig.start(['run', '-b', bundle.path, id]);
  await until(async () => (await rig.command(['state', id])).stdout.includes('"running"'));
  const { pid } = await rig.state(id);
  first.signal('SIGSTOP');
  expect((await rig.command(['delete', '--force', id])).status).toBe(0);
  const second = await rig.command(['run', '--detach', '-b', bundle.path, id]);
  expect(second).toMatchObject({ status: 0 });
  const taken = await rig.state(id);
  expect(taken).toMatchObject({ status: 'running' });
  expect(taken.pid).not.toBe(pid);
  first.signal('SIGCONT');
  expect(await first.ended).toMatchObject({ status: 137, stderr: '' });
  expect(await rig.state(id)).toEqual(taken);
  await remove(rig, id);
}

bothWays('#delete by a foreground run', (promise) => {
  promise('spares the container that has got its ID meanwhile', async (rig) => {
    await overtaken(rig, (await rig.bundle()).runs('exec sleep 1000'));
  });
});

asRoot('#delete by a foreground run, with a cgroup', (promise) => {
  const has = cgroup2Controllers() !== undefined;
  promise.needs(has, 'no view of a pure cgroup2 can be made here')(
    'spares the container that has got its ID and its cgroup meanwhile',
    async (rig) => {
      await overtaken(rig, (await rig.bundle()).runs('exec sleep 1000'));
    },
    { cgroup2: true },
  );
});

bothWays('exec', (promise) => {
  promise('into a container that ends meanwhile says that it is not running', async (rig) => {
    const bundle = (await rig.bundle()).runs('exec sleep 1000');
    for (let i = 0; i < 12; i++) {
      const { id } = await detached(rig, bundle);
      const exec = rig.command(['exec', id, 'sleep', '100']);
      await new Promise((resolve) => setTimeout(resolve, 4 * i));
      await rig.command(['kill', id, 'KILL']);
      const { status, stderr } = await exec;
      // Killed as a process of the container, or refused.
      expect(status === 137 || status === 255).toBe(true);
      if (status === 255) expect(stderr).toMatch(/container not running|it is stopped/);
      await remove(rig, id);
    }
  });
});
