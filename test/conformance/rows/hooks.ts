// config.md#posix-platform-hooks and the steps of runtime.md#lifecycle that run them.

import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import type { HookStage } from '../../../src/spec/types.js';
import { namespaceOf } from '../../rig/holder.js';
import { until } from '../../rig/until.js';
import { all, ofConfig } from '../changes.js';
import { stages, Trace } from '../hooks.js';
import { type Check, row } from '../row.js';
import type { Subject } from '../subject.js';

const beforeProgram: readonly HookStage[] = stages.slice(0, 4);

const statuses: Record<HookStage, RegExp> = {
  prestart: /^creat/,
  createRuntime: /^creating$/,
  createContainer: /^creating$/,
  startContainer: /^creat/,
  poststart: /^running$/,
  poststop: /^stopped$/,
};

/** Runs a container with a hook in each stage; poststart and the program run at the same time. */
async function traced(subject: Subject): Promise<Trace> {
  const trace = new Trace(subject);
  const bundle = subject.bundle(all(trace.all(), ofConfig({ annotations: { a: 'b' } })));
  const id = subject.rig.newId();
  await subject.succeeds('create', '--bundle', bundle.path, id);
  await subject.succeeds('start', id);
  const stopped = async () => (await subject.rig.state(id)).status === 'stopped';
  ok(await until(stopped), 'it did not stop');
  await subject.succeeds('delete', id);
  return trace;
}

/** One that fails: the program does not run, and all is taken down. */
const fails =
  (stage: HookStage): Check =>
  async (subject) => {
    const trace = new Trace(subject);
    const failing = trace.hook(stage, 'exit 3');
    await subject.refuses(trace.change({ [stage]: [failing], poststop: [trace.hook('poststop')] }));
    ok(!trace.order().includes('program'));
  };

export const hookRows = [
  row(
    'hooks, when',
    'prestart, createRuntime, createContainer, startContainer, the program; poststop last',
    {
      'in this order': async (subject) => {
        const order = (await traced(subject)).order().filter((name) => name !== 'poststart');
        deepEqual(order, [...beforeProgram, 'program', 'poststop']);
      },
      'those of one stage in the listed order': async (subject) => {
        const trace = new Trace(subject);
        const numbered = (n: number) => ({
          path: '/bin/sh',
          args: ['sh', '-c', `cat >/dev/null; echo ${n} >>${trace.folder}/order`],
        });
        await subject.takes(
          trace.change({ createRuntime: [numbered(1), numbered(2), numbered(3)] }),
        );
        deepEqual(trace.order().slice(0, 3), ['1', '2', '3']);
      },
      'poststart after start, before it returns': async (subject) => {
        const trace = new Trace(subject);
        await subject.takes(trace.change({ poststart: [trace.hook('poststart')] }));
        ok(trace.order().includes('poststart'));
      },
      'with run in the foreground too': async (subject) => {
        const trace = new Trace(subject);
        await subject.takes(trace.all());
        deepEqual([...trace.order()].sort(), [...stages, 'program'].sort());
      },
    },
  ),
  row('hooks, where', 'in the runtime’s namespaces or the container’s', {
    'prestart, createRuntime, poststart, poststop: the runtime’s': async (subject) => {
      const trace = await traced(subject);
      for (const stage of ['prestart', 'createRuntime', 'poststart', 'poststop']) {
        equal(trace.read(`${stage}-uts`).trim(), namespaceOf('uts'), stage);
      }
    },
    'createContainer, startContainer: the container’s': async (subject) => {
      const trace = await traced(subject);
      for (const stage of ['createContainer', 'startContainer']) {
        match(trace.read(`${stage}-uts`), /^uts:/, stage);
        notEqual(trace.read(`${stage}-uts`).trim(), namespaceOf('uts'), stage);
      }
    },
  }),
  row('hooks, state', 'on the standard input', {
    ...Object.fromEntries(
      stages.map((stage) => [
        stage,
        async (subject: Subject) => {
          const state = (await traced(subject)).state(stage);
          match(state.status, statuses[stage]);
          match(state.ociVersion, /^1\./);
          deepEqual(state.annotations, { a: 'b' });
          ok(state.bundle.startsWith(subject.rig.dir) && state.id.startsWith(subject.rig.token));
          if (stage !== 'poststop') ok((state.pid ?? 0) > 0, `pid ${state.pid}`);
        },
      ]),
    ),
    'the pid is the container’s as the reader sees it': async (subject) => {
      const trace = await traced(subject);
      ok((trace.state('createRuntime').pid ?? 0) > 1);
      equal(trace.state('createRuntime').pid, trace.state('poststart').pid);
    },
  }),
  row('hooks, process', '`args` with the name, `env` and nothing else, descriptors 0 to 2', {
    'the environment is that of the hook': async (subject) => {
      const trace = await traced(subject);
      for (const stage of stages) {
        const env = trace.read(`${stage}-env`).split('\n').filter(Boolean);
        const own = env.filter((entry) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(entry)).sort();
        deepEqual(own, ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', `STAGE=${stage}`], stage);
      }
    },
    'has no other descriptors': async (subject) => {
      const trace = await traced(subject);
      for (const stage of stages) {
        // The fourth is the directory that ls reads.
        deepEqual(trace.read(`${stage}-fds`).trim().split('\n'), ['0', '1', '2', '3'], stage);
      }
    },
    'the first of args is its name': async (subject) => {
      const trace = new Trace(subject);
      const script = `cat >/dev/null; echo "$0 $1" >${trace.folder}/args`;
      const hook = { path: '/bin/sh', args: ['other-name', '-c', script, 'zero', 'one'] };
      await subject.takes(trace.change({ createRuntime: [hook] }));
      equal(trace.read('args'), 'zero one\n');
    },
  }),
  row(
    'hooks, failure',
    'an error, the container is destroyed, poststop runs; of poststop a warning',
    {
      ...Object.fromEntries([...beforeProgram].map((stage) => [stage, fails(stage)])),
      'poststart: stopped and destroyed (specification 1.3)': async (subject) => {
        const trace = new Trace(subject);
        const hooks = { poststart: [trace.hook('poststart', 'exit 3')] };
        const bundle = subject.bundle(trace.change(hooks));
        bundle.edit(({ process }) => {
          process.args = ['/bin/sleep', '1000'];
        });
        const id = subject.rig.newId();
        await subject.succeeds('create', '--bundle', bundle.path, id);
        await subject.fails('start', id);
        await subject.rig.command(['delete', '--force', id]);
      },
      'poststop: delete goes on, the next hook runs': async (subject) => {
        const trace = new Trace(subject);
        const hooks = { poststop: [trace.hook('poststop', 'exit 3'), trace.hook('poststop')] };
        await subject.takes(trace.change(hooks));
        deepEqual(trace.order(), ['program', 'poststop', 'poststop']);
      },
      'poststop runs when create fails': async (subject) => {
        const trace = new Trace(subject);
        const hooks = {
          createRuntime: [trace.hook('createRuntime', 'exit 3')],
          poststop: [trace.hook('poststop')],
        };
        await subject.refuses(trace.change(hooks));
        deepEqual(trace.order(), ['createRuntime', 'poststop']);
      },
    },
  ),
  row('hooks, timeout and path', 'a timeout above zero; an absolute path', {
    'one that takes too long is a failure': async (subject) => {
      const hook = { path: '/bin/sleep', args: ['sleep', '20'], timeout: 1 };
      const started = Date.now();
      await subject.refuses(ofConfig({ hooks: { createRuntime: [hook] } }));
      ok(Date.now() - started < 15_000, 'it was waited for');
    },
    'a timeout of zero is an error': (subject) =>
      subject.refuses(ofConfig({ hooks: { createRuntime: [{ path: '/bin/true', timeout: 0 }] } })),
    'a relative path is an error': (subject) =>
      subject.refuses(ofConfig({ hooks: { poststop: [{ path: 'true' }] } })),
    'a program that is not there is an error': (subject) =>
      subject.refuses(ofConfig({ hooks: { createRuntime: [{ path: '/no/such/hook' }] } })),
  }),
];
