// Hooks that fail, take too long, or misbehave, and runtimes that are killed while one runs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { notebook, shell, withHooks } from '../rig/hooks.js';
import { leftBehind } from '../rig/left-behind.js';
import { onlyLine } from '../rig/refusal.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

bothWays('a hook that fails', (promise) => {
  for (const stage of ['prestart', 'createRuntime', 'createContainer'] as const) {
    promise(`of ${stage} ends create; what was made is gone and poststop runs`, async (rig) => {
      const bundle = await withHooks(rig, {}, 'echo never');
      const notes = notebook(rig, bundle);
      const failing = [shell(':'), shell('echo first; echo second >&2; exit 3')];
      const next = [shell(`echo never >>${notes.path}`)];
      bundle.edit((config) => {
        config.hooks = { [stage]: [...failing, ...next], poststart: next };
        config.hooks.poststop = [shell(`echo poststop >>${notes.path}`)];
      });
      for (const verb of ['create', 'run']) {
        const ran = await rig.command([verb, '-b', bundle.path, rig.newId()]);
        expect(ran.status).toBe(1);
        expect(onlyLine(ran)).toBe(
          `run the hook /bin/sh: it ended with status 3: first, second [config.json /hooks/${stage}/1]`,
        );
        expect(await leftBehind(rig)).toEqual([]);
      }
      expect(notes.lines()).toEqual(['poststop', 'poststop']);
    });
  }

  for (const stage of ['startContainer', 'poststart'] as const) {
    promise(`of ${stage} ends start; the container is gone and poststop runs`, async (rig) => {
      const bundle = await withHooks(rig, {}, 'exec sleep 1000');
      const notes = notebook(rig, bundle);
      bundle.edit((config) => {
        config.hooks = { [stage]: [shell('echo why; kill -9 $$')] };
        config.hooks.poststop = [shell(`echo poststop >>${notes.path}`)];
      });
      const said = `run the hook /bin/sh: it was killed by signal 9: why [config.json /hooks/${stage}/0]`;
      const { id } = await rig.create(bundle);
      const started = await rig.command(['start', id]);
      expect([started.status, onlyLine(started)]).toEqual([1, said]);
      expect((await rig.command(['state', id])).stderr).toContain('does not exist');
      expect(await leftBehind(rig)).toEqual([]);
      for (const flags of [[], ['--detach']]) {
        const ran = await rig.run(bundle, { flags });
        expect([ran.status, onlyLine(ran)]).toEqual([1, said]);
        expect(await leftBehind(rig)).toEqual([]);
      }
      expect(notes.lines()).toEqual(['poststop', 'poststop', 'poststop']);
    });
  }

  promise('of poststop is a warning, and the others run', async (rig) => {
    const bundle = await withHooks(rig, {});
    const notes = notebook(rig, bundle);
    bundle.edit((config) => {
      config.hooks = {
        poststop: [
          shell('echo sorry; exit 4'),
          { path: '/nowhere' },
          shell(`echo last >>${notes.path}`),
        ],
      };
    });
    const { id } = await rig.create(bundle);
    const deleted = await rig.command(['delete', id]);
    expect(deleted.status).toBe(0);
    expect(deleted.stderr).toMatch(/level=warning.*status 4: sorry.*\/hooks\/poststop\/0/);
    expect(deleted.stderr).toMatch(/level=warning.*\/nowhere.*ENOENT.*\/hooks\/poststop\/1/);
    const ran = await rig.run(bundle);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(
      '/bin/sh [config.json /hooks/poststop/0]: it ended with status 4: sorry',
    );
    expect(ran.stderr).toContain('/nowhere: execve: no such file or directory (ENOENT)');
    expect(notes.lines()).toEqual(['last', 'last']);
  });

  promise('says what could not be executed, and where it is looked for', async (rig) => {
    const bundle = await withHooks(rig, {});
    for (const [stage, place] of [
      ['createRuntime', 'on the host'],
      ['createContainer', 'on the host'],
      ['startContainer', 'in the root filesystem'],
    ] as const) {
      bundle.edit((config) => {
        config.hooks = { [stage]: [{ path: '/no/such/hook' }] };
      });
      const said = onlyLine(await rig.run(bundle));
      expect(said).toContain(
        `run the hook /no/such/hook: execve: no such file or directory (ENOENT) [config.json /hooks/${stage}/0]`,
      );
      expect(said).toContain(place);
    }
  });
});

bothWays('a hook that takes too long', (promise) => {
  for (const stage of [
    'createRuntime',
    'createContainer',
    'startContainer',
    'poststart',
  ] as const) {
    promise(`of ${stage} is killed with all that it started`, async (rig) => {
      // One in another session, and one whose parent has gone.
      const body = 'setsid sleep 1001 & (sleep 1002 &) ; exec sleep 1003';
      const bundle = await withHooks(rig, { [stage]: [shell(body, { timeout: 1 })] }, 'sleep 1000');
      const ran = await rig.run(bundle);
      expect(ran.status).toBe(1);
      expect(onlyLine(ran)).toBe(
        `run the hook /bin/sh: it was killed after its timeout of 1 s [config.json /hooks/${stage}/0]`,
      );
      expect(await leftBehind(rig)).toEqual([]);
    });
  }

  promise('of poststop is killed when the container is gone', async (rig) => {
    const body = 'setsid sleep 1001 & exec sleep 1003';
    const bundle = await withHooks(rig, { poststop: [shell(body, { timeout: 1 })] }, 'exit 5');
    const ran = await rig.run(bundle);
    expect(ran).toMatchObject({ status: 5, stderr: expect.stringContaining('timeout of 1 s') });
    expect(await leftBehind(rig)).toEqual([]);
  });

  promise('in a shared pid namespace is killed with all that it started', async (rig) => {
    const body = 'setsid sleep 1001 & (sleep 1002 &) ; exec sleep 1003';
    const bundle = await withHooks(rig, { createContainer: [shell(body, { timeout: 1 })] });
    bundle.edit((config) => {
      config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== 'pid');
      config.mounts = config.mounts.filter(({ destination }) => destination !== '/proc');
      config.linux.maskedPaths = [];
      config.linux.readonlyPaths = [];
    });
    expect(onlyLine(await rig.run(bundle))).toContain('timeout of 1 s');
    expect(await leftBehind(rig)).toEqual([]);
  });
});

bothWays('a hook that misbehaves', (promise) => {
  promise('goes into the background with its streams open: nobody waits for it', async (rig) => {
    const bundle = await withHooks(rig, {});
    const pids = join(rig.dir, 'notes');
    notebook(rig, bundle);
    bundle.edit((config) => {
      const body = `setsid sleep 1000 & echo $! >>${pids}`;
      config.hooks = { createRuntime: [shell(body)], poststop: [shell(body)] };
    });
    const begun = Date.now();
    expect(await rig.run(bundle)).toMatchObject({ status: 0, stderr: '' });
    expect(Date.now() - begun).toBeLessThan(20_000);
    for (const pid of readFileSync(pids, 'utf8').trim().split('\n')) process.kill(Number(pid), 9);
  });

  promise('writes megabytes: none of it blocks, its end is told', async (rig) => {
    const body = 'head -c 5000000 /dev/zero | tr "\\0" x; echo; printf "the \\033[31mend"; exit 1';
    const bundle = await withHooks(rig, { createRuntime: [shell(body)] });
    const said = onlyLine(await rig.run(bundle));
    expect(said).toContain('the  [31mend [config.json /hooks/createRuntime/0]');
    expect(said.length).toBeLessThan(1200);
  });

  promise('reads nothing of a large state', async (rig) => {
    const bundle = await withHooks(rig, {
      createRuntime: [shell('exec true'), shell('wc -c >/dev/null')],
    });
    bundle.edit((config) => {
      config.annotations = { large: 'x'.repeat(300_000) };
    });
    expect(await rig.run(bundle)).toMatchObject({ status: 0, stderr: '' });
  });
});

bothWays('a runtime killed while a hook runs', (promise) => {
  for (const stage of ['createRuntime', 'createContainer'] as const) {
    promise(`of ${stage} leaves nothing that delete --force does not remove`, async (rig) => {
      const bundle = await withHooks(rig, {});
      const notes = notebook(rig, bundle);
      bundle.edit((config) => {
        const body = `setsid sleep 1001 & echo begun >>${notes.path}; sleep 1002; true`;
        config.hooks = { [stage]: [shell(body)], poststop: [shell(`echo gone >>${notes.path}`)] };
      });
      const id = rig.newId();
      const running = rig.start(['create', '-b', bundle.path, id]);
      expect(await until(() => notes.lines().length === 1)).toBe(true);
      running.signal('SIGKILL');
      await running.ended;
      const processes = () => rig.leftovers().filter(({ kind }) => kind === 'process');
      expect(await until(() => processes().length === 0)).toBe(true);
      expect((await rig.command(['delete', '--force', id])).status).toBe(0);
      expect(await leftBehind(rig)).toEqual([]);
      expect(notes.lines()).toEqual(['begun', 'gone']);
    });
  }
});

bothWays('a hook that never ends', (promise) => {
  for (const stage of ['createRuntime', 'createContainer', 'startContainer'] as const) {
    promise(`of ${stage} ends with the container, which delete --force ends`, async (rig) => {
      const bundle = await withHooks(rig, {});
      const notes = notebook(rig, bundle);
      const inside = stage === 'startContainer';
      bundle.edit((config) => {
        const file = inside ? '/tmp/notes' : notes.path;
        config.hooks = { [stage]: [shell(`echo begun >${file}; setsid sleep 1001 & sleep 1002`)] };
      });
      const id = rig.newId();
      const running = rig.start(['run', '-b', bundle.path, id]);
      const begun = () => (inside ? notes.inside() : notes.lines()).length === 1;
      expect(await until(begun)).toBe(true);
      const { status } = await rig.state(id);
      expect(status).toBe(inside ? 'running' : 'creating');
      if (!inside) {
        const killed = await rig.command(['kill', '--all', id, 'KILL']);
        expect(killed.status).toBe(1);
        expect(killed.stderr).toContain('the container is creating');
        expect((await rig.state(id)).status).toBe('creating');
      }
      expect((await rig.command(['delete', '--force', id])).status).toBe(0);
      // Not by the rig, whose patience ends too.
      expect((await running.ended).stderr).not.toContain('time was up');
      expect((await running.ended).status).toBe(inside ? 137 : 1);
      expect(await leftBehind(rig)).toEqual([]);
    });
  }
});
