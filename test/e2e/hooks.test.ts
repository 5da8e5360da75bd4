// Hooks of all six kinds: when and where they run, and what they are given.

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Hook, HookStage } from '../../src/spec/config/hooks.js';
import { HOOK_STAGES } from '../../src/spec/rules/hooks.js';
import { notebook, shell, withHooks } from '../rig/hooks.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { asRoot, bothWays } from '../rig/ways.js';

/** Every kind notes what `body` prints, after its own name. */
async function noting(rig: Rig, body: string, program?: string) {
  const bundle = await withHooks(rig, {}, program);
  const notes = notebook(rig, bundle);
  const hook = (stage: HookStage) => {
    const file = stage === 'startContainer' ? '/tmp/notes' : notes.path;
    return shell(`echo ${stage} $(${body}) >>${file}`);
  };
  bundle.edit((config) => {
    config.hooks = Object.fromEntries(HOOK_STAGES.map((stage) => [stage, [hook(stage)]]));
  });
  return { bundle, notes };
}

bothWays('hooks', (promise) => {
  promise('run at their time, in the order of the lifecycle', async (rig) => {
    const { bundle, notes } = await noting(rig, 'true', 'exec sleep 1000');
    const created = ['prestart', 'createRuntime', 'createContainer'];
    const { id } = await rig.create(bundle);
    expect([notes.lines(), notes.inside()]).toEqual([created, []]);
    expect((await rig.command(['start', id])).stderr).toBe('');
    expect([notes.lines(), notes.inside()]).toEqual([
      [...created, 'poststart'],
      ['startContainer'],
    ]);
    await rig.command(['kill', id, 'KILL']);
    await until(async () => (await rig.state(id)).status === 'stopped');
    expect(notes.lines()).not.toContain('poststop');
    expect(await rig.command(['delete', id])).toMatchObject({ status: 0, stderr: '' });
    expect(notes.lines()).toEqual([...created, 'poststart', 'poststop']);
  });

  promise('run in the order of their list', async (rig) => {
    const bundle = await withHooks(rig, {});
    const notes = notebook(rig, bundle);
    bundle.edit((config) => {
      config.hooks = Object.fromEntries(
        HOOK_STAGES.map((stage) => {
          const file = stage === 'startContainer' ? '/tmp/notes' : notes.path;
          return [stage, [1, 2, 3].map((n) => shell(`echo ${stage}${n} >>${file}`))];
        }),
      );
    });
    expect(await rig.run(bundle)).toMatchObject({ status: 0, stderr: '' });
    const outside = HOOK_STAGES.filter((stage) => stage !== 'startContainer');
    expect(notes.lines()).toEqual(outside.flatMap((stage) => [1, 2, 3].map((n) => stage + n)));
    expect(notes.inside()).toEqual([1, 2, 3].map((n) => `startContainer${n}`));
  });

  promise('run in the namespaces of the runtime or of the container', async (rig) => {
    const look = 'readlink /proc/self/ns/mnt; readlink /proc/self/ns/pid';
    const { bundle, notes } = await noting(rig, look);
    const { stdout } = await rig.run(bundle.runs(look));
    const inside = stdout.trim().split('\n').join(' ');
    const here = await rig.execute(['readlink', '/proc/self/ns/mnt', '/proc/self/ns/pid']);
    const outside = here.stdout.trim().split('\n').join(' ');
    expect(notes.lines()).toEqual([
      `prestart ${outside}`,
      `createRuntime ${outside}`,
      `createContainer ${inside}`,
      `poststart ${outside}`,
      `poststop ${outside}`,
    ]);
    expect(notes.inside()).toEqual([`startContainer ${inside}`]);
  });

  promise('are told the state, with the pid as they see it', async (rig) => {
    const bundle = await withHooks(rig, {}, 'exec sleep 1000');
    const notes = notebook(rig, bundle);
    const told = (stage: string) => JSON.parse(readFileSync(`${notes.path}-${stage}`, 'utf8'));
    bundle.edit((config) => {
      const hook = (stage: string) => [
        stage,
        [shell(`cat >${stage === 'startContainer' ? '/tmp/notes' : `${notes.path}-${stage}`}`)],
      ];
      config.hooks = Object.fromEntries(HOOK_STAGES.map(hook));
    });
    bundle.edit((config) => {
      config.annotations = { 'org.example.k': 'a "b" \\ ü' };
    });
    const { id } = await rig.create(bundle);
    const { pid } = await rig.state(id);
    await rig.command(['start', id]);
    await rig.command(['delete', '--force', id]);
    const { annotations } = bundle.config;
    const state = { ociVersion: '1.3.0', id, bundle: bundle.path, annotations };
    expect(told('prestart')).toEqual({ ...state, status: 'creating', pid });
    expect(told('createRuntime')).toEqual({ ...state, status: 'creating', pid });
    expect(told('createContainer')).toEqual({ ...state, status: 'creating', pid: 1 });
    const inside = JSON.parse(notes.inside().join());
    expect(inside).toEqual({ ...state, status: 'created', pid: 1 });
    expect(told('poststart')).toEqual({ ...state, status: 'running', pid });
    expect(told('poststop')).toEqual({ ...state, status: 'stopped' });
  });

  promise('get their arguments, their environment and nothing else', async (rig) => {
    const bundle = await withHooks(rig, {});
    const notes = notebook(rig, bundle);
    // Of /proc/self, as /proc is still the host's for createContainer; 3 is the directory read.
    const look =
      'echo "$0 $1"; env | grep -v -e ^PWD= -e ^SHLVL= -e ^PATH=/sbin: | sort; exec ls /proc/self/fd';
    const hook = (env: string[] | undefined, file: string): Hook => ({
      path: '/bin/sh',
      args: ['sh', '-c', `exec >>${file}; ${look}`, 'zero', 'one two'],
      ...(env === undefined ? {} : { env }),
    });
    bundle.edit((config) => {
      config.hooks = {
        createRuntime: [hook(['C=d e', 'A=b'], notes.path), hook(undefined, notes.path)],
        createContainer: [hook(['X=y'], notes.path)],
        startContainer: [hook(['S=t'], '/tmp/notes')],
        poststop: [hook(undefined, notes.path)],
      };
    });
    const ran = await rig.execute([
      ...['sh', '-c', 'exec "$@" 3</dev/null 4</dev/null 9</dev/null', 'sh'],
      ...rig.commandLine(),
      ...['run', '--preserve-fds', '2', '-b', bundle.path, rig.newId()],
    ]);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const descriptors = ['0', '1', '2', '3'];
    expect([...notes.lines(), ...notes.inside()]).toEqual(
      [['A=b', 'C=d e'], [], ['X=y'], [], ['S=t']].flatMap((environment) => [
        'zero one two',
        ...environment,
        ...descriptors,
      ]),
    );
  });

  promise('start in the bundle, in the root, in the process’s directory', async (rig) => {
    const { bundle, notes } = await noting(rig, 'pwd');
    bundle.edit((config) => {
      config.process.cwd = '/tmp';
    });
    await rig.run(bundle);
    expect(notes.lines()).toEqual([
      `prestart ${bundle.path}`,
      `createRuntime ${bundle.path}`,
      `createContainer ${bundle.rootfs}`,
      `poststart ${bundle.path}`,
      `poststop ${bundle.path}`,
    ]);
    expect(notes.inside()).toEqual(['startContainer /tmp']);
  });

  promise('without args are called by their path, as execv does it', async (rig) => {
    const bundle = await withHooks(rig, {});
    const notes = notebook(rig, bundle);
    const program = join(rig.dir, 'hook');
    writeFileSync(program, `#!/bin/sh\necho "$0 $#" >>${notes.path}\n`);
    chmodSync(program, 0o755);
    bundle.edit((config) => {
      config.hooks = { createRuntime: [{ path: program }] };
    });
    expect(await rig.run(bundle)).toMatchObject({ status: 0, stderr: '' });
    expect(notes.lines()).toEqual([`${program} 0`]);
  });

  promise('say nothing on the caller’s streams when they succeed', async (rig) => {
    const loud = [shell('echo out; echo err >&2')];
    const hooks = Object.fromEntries(HOOK_STAGES.map((stage) => [stage, loud]));
    const bundle = await withHooks(rig, hooks, 'echo program');
    expect(await rig.run(bundle)).toMatchObject({ status: 0, stdout: 'program\n', stderr: '' });
  });

  promise(
    'createContainer comes before the root is read-only and paths are masked',
    async (rig) => {
      const bundle = await withHooks(rig, {
        createContainer: [shell('cat proc/cmdline >seen; echo made >made')],
      });
      bundle.edit((config) => {
        config.root.readonly = true;
        config.linux.maskedPaths = ['/proc/cmdline'];
      });
      const { stdout } = await rig.run(
        bundle.runs(
          'cat /made; wc -c </proc/cmdline; [ -s /seen ] && echo seen; touch /x || echo ro',
        ),
      );
      expect(stdout).toBe('made\n0\nseen\nro\n');
    },
  );

  promise('startContainer has the rights of the program and its filter', async (rig) => {
    const bundle = await withHooks(rig, {
      startContainer: [
        shell(
          '(id -u; grep -E "^(Seccomp|NoNewPrivs|CapEff|CapBnd):" /proc/self/status) >/tmp/notes',
        ),
      ],
    });
    bundle.edit((config) => {
      config.process.noNewPrivileges = true;
      config.process.capabilities = { bounding: ['CAP_KILL'], effective: [], permitted: [] };
      config.linux.seccomp = {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['acct'], action: 'SCMP_ACT_ERRNO' }],
      };
    });
    expect(await rig.run(bundle)).toMatchObject({ status: 0, stderr: '' });
    const said = readFileSync(join(bundle.rootfs, 'tmp/notes'), 'utf8').replace(/\s+/g, ' ');
    expect(said).toMatch(/^0 CapEff: 0+ CapBnd: 0+20 NoNewPrivs: 1 Seccomp: 2 $/);
  });
});

asRoot('a hook that sets up the network', (promise) => {
  const tools = ['/usr/sbin/ip', '/usr/bin/nsenter'].every((path) => existsSync(path));
  promise.needs(tools, 'there is no ip(8) or nsenter(1)')(
    'finds the namespace by the pid it was told, as engines have it done',
    async (rig) => {
      const name = `s${process.pid % 100000}`;
      const body = [
        'pid=$(sed -n \'s/.*"pid":\\([0-9]*\\).*/\\1/p\')',
        `ip link add ${name} type veth peer name ${name}c`,
        `ip link set ${name}c netns $pid name eth7`,
        'nsenter -t $pid -n ip address add 10.99.7.2/24 dev eth7',
        'nsenter --net=/proc/$pid/ns/net ip link set eth7 up',
      ].join(' && ');
      for (const stage of ['prestart', 'createRuntime'] as const) {
        const bundle = await withHooks(rig, {
          [stage]: [shell(body)],
          // The namespace takes its end along, at a time of its own.
          poststop: [shell(`ip link delete ${name} 2>/dev/null; true`)],
        });
        const { stdout, stderr } = await rig.run(
          bundle.runs('ip -o addr show eth7; grep -c . /proc/net/dev'),
        );
        expect({ stdout, stderr }).toEqual({
          stdout: expect.stringContaining('10.99.7.2/24'),
          stderr: '',
        });
      }
    },
  );
});
