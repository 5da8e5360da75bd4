// --trace: every step of a launch with its time, in a form that Perfetto reads.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { initSteps } from '../../src/plan/steps.js';
import type { Bundle } from '../rig/bundle.js';
import { detached, remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import {
  parseTrace,
  readTrace,
  stepsIn,
  type Trace,
  traceFile,
  whyNotNested,
} from '../rig/trace.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

/** The names of the plan's steps, of init and of the runtime. */
async function planOf(rig: Rig, bundle: Bundle) {
  const { stdout } = await rig.command(['explain', '--format', 'json', '-b', bundle.path]);
  const names: string[] = JSON.parse(stdout).steps.map(({ step }: { step: string }) => step);
  const ofInit = (name: string) => Object.hasOwn(initSteps, name);
  return { init: names.filter(ofInit), runtime: names.filter((name) => !ofInit(name)) };
}

/** From the beginning of the program's execution to its end. */
function ran({ init, attend }: Trace): number {
  const [execute, wait] = [init.at(-1), attend[0]];
  return execute && wait ? wait.ts + wait.dur - execute.ts : 0;
}

bothWays('--trace', (promise) => {
  promise('of run: all steps in order, until the exit and the clean-up', async (rig) => {
    const bundle = (await rig.bundle()).runs('sleep 0.2; exit 7');
    const file = traceFile(rig);
    const before = Number(process.hrtime.bigint()) / 1000;
    const outcome = await rig.run(bundle, { flags: ['--trace', file] });
    const after = Number(process.hrtime.bigint()) / 1000;
    expect(outcome).toMatchObject({ status: 7, stdout: '', stderr: '' });
    const trace = readTrace(file);
    expect(whyNotNested(trace)).toBeUndefined();
    const plan = await planOf(rig, bundle);
    expect(stepsIn(trace.init)).toEqual(plan.init);
    expect(stepsIn(trace.sampan)).toEqual(plan.runtime);
    expect(trace.sampan.slice(0, 4).map(({ name }) => name)).toEqual([
      ...['run', 'engine', 'arguments', 'trace'],
    ]);
    const hostname = trace.init.find(({ name }) => name === 'set-hostname');
    expect(hostname?.args).toMatchObject({ op: 12, pointer: '/hostname' });
    const [wait, ...cleaning] = trace.attend;
    expect(wait?.name).toBe('wait-process');
    expect(ran(trace)).toBeGreaterThan(199_000);
    expect(cleaning.map(({ name }) => name)).toContain('remove-directory');
    const times = trace.all.flatMap(({ ts, dur }) => [ts, ts + dur]);
    expect(Math.min(...times)).toBeGreaterThan(before);
    expect(Math.max(...times)).toBeLessThan(after);
    expect(readFileSync(file, 'utf8')).toMatch(/"name":"exit".*"args":\{"status":7\}\}/);
  });

  promise('while the container runs the file is whole already', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo ready; read -r word');
    const file = traceFile(rig);
    const id = rig.newId();
    const running = rig.start(['run', '-b', bundle.path, '--trace', file, id], { input: '' });
    await running.ended;
    const text = readFileSync(file, 'utf8');
    expect(text.endsWith('}\n]}\n')).toBe(true);
    bundle.runs('echo ready; exec sleep 1000');
    const sleeper = rig.start(['run', '-b', bundle.path, '--trace', file, id]);
    expect(await until(() => sleeper.outputSoFar() === 'ready\n')).toBe(true);
    expect(await until(() => existsSync(file) && readFileSync(file).length > 0)).toBe(true);
    const trace = readTrace(file);
    expect(stepsIn(trace.init).at(-1)).toBe('execute');
    expect(trace.attend).toEqual([]);
    await remove(rig, id);
    await sleeper.ended;
    expect(stepsIn(readTrace(file).attend)[0]).toBe('wait-process');
  });

  promise('of create: up to the word that it is ready', async (rig) => {
    const bundle = await rig.bundle();
    const file = traceFile(rig);
    const { id } = await rig.create(bundle, ['--trace', file]);
    const trace = readTrace(file);
    expect(whyNotNested(trace)).toBeUndefined();
    expect(trace.sampan[0]?.name).toBe('create');
    const { init } = await planOf(rig, bundle);
    const upTo = init.slice(0, init.indexOf('report-ready') + 1);
    // What waits for `start` must not be traced meanwhile, unlike what goes on.
    upTo.splice(upTo.indexOf('close-descriptors') + 1, 0, 'forbid-tracing');
    expect(stepsIn(trace.init)).toEqual(upTo);
    expect(stepsIn(trace.sampan)).toContain('listen-start');
    expect((await rig.command(['start', id])).status).toBe(0);
    await remove(rig, id);
  });

  promise('of run --detach and of exec', async (rig) => {
    const file = traceFile(rig);
    const { id, remove } = await detached(rig, await rig.bundle(), 'exec sleep 1000', [
      ...['--trace', file],
    ]);
    const detach = readTrace(file);
    expect(stepsIn(detach.init).at(-1)).toBe('execute');
    expect(detach.attend).toEqual([]);
    for (const flags of [[], ['--detach']]) {
      const line = ['exec', '--trace', file, ...flags, id, 'sh', '-c', 'sleep 0.1; exit 3'];
      expect((await rig.command(line)).status).toBe(flags.length === 0 ? 3 : 0);
      const trace = readTrace(file);
      expect(whyNotNested(trace)).toBeUndefined();
      expect(trace.sampan[0]?.name).toBe('exec');
      expect(stepsIn(trace.init)).toEqual(expect.arrayContaining(['enter-container', 'fork']));
      expect(stepsIn(trace.init).at(-1)).toBe('execute');
      const [wait] = trace.attend;
      if (flags.length === 0) expect(ran(trace)).toBeGreaterThan(99_000);
      else expect(wait).toBeUndefined();
    }
    await remove();
  });

  promise('of a launch that fails: the step of init is marked', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ mounts }) => {
      mounts.push({ destination: '/x', type: 'bind', source: '/no/such', options: ['bind'] });
    });
    const file = traceFile(rig);
    const { status, stderr } = await rig.run(bundle, { flags: ['--trace', file] });
    expect(status).toBe(1);
    const trace = readTrace(file);
    expect(whyNotNested(trace)).toBeUndefined();
    const failed = trace.all.filter(({ args, cat }) => 'error' in args && cat !== 'command');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.args['pointer']).toMatch(/^\/mounts\/\d+/);
    expect(stderr).toContain(failed[0]?.args['error']);
    expect(trace.sampan.at(-1)?.name).toBe('undo');
  });

  promise('of a launch that fails: the step of the runtime is marked', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      config.hooks = { createRuntime: [{ path: '/bin/false' }] };
    });
    const file = traceFile(rig);
    expect((await rig.run(bundle, { flags: ['--trace', file] })).status).toBe(1);
    const trace = readTrace(file);
    const failed = trace.all.filter(({ args, cat }) => 'error' in args && cat !== 'command');
    expect(failed.map(({ name }) => name)).toEqual(['run-runtime-hook']);
    expect(failed[0]?.args['pointer']).toBe('/hooks/createRuntime/0');
  });

  promise('of a launch that fails before there is a plan', async (rig) => {
    const bundle = (await rig.bundle()).write('{');
    const file = traceFile(rig);
    expect((await rig.run(bundle, { flags: ['--trace', file] })).status).toBe(1);
    const { sampan, init } = readTrace(file);
    expect(sampan.at(-1)?.args['error']).toMatch(/not valid JSON/);
    expect(init).toEqual([]);
  });

  promise('a time namespace does not shift it', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.namespaces.push({ type: 'time' });
      linux.timeOffsets = { monotonic: { secs: 1_000_000, nanosecs: 0 } };
    });
    const file = traceFile(rig);
    expect((await rig.run(bundle, { flags: ['--trace', file] })).status).toBe(0);
    const trace = readTrace(file);
    expect(whyNotNested(trace)).toBeUndefined();
    expect(trace.init[0]?.dur).toBeLessThan(60_000_000);
    // Where the stamps of init are of another time, only the end of the launch bounds them.
    expect(trace.init.filter(({ dur }) => dur > 0).length).toBeGreaterThan(10);
  });

  promise('a filter without clock_gettime does not stop it', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux, process }) => {
      process.noNewPrivileges = false;
      linux.seccomp = {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [
          { names: ['clock_gettime', 'gettimeofday', 'mmap'], action: 'SCMP_ACT_KILL_PROCESS' },
        ],
      };
    });
    bundle.runs(['/bin/true']);
    const file = traceFile(rig);
    const traced = await rig.run(bundle, { flags: ['--trace', file] });
    expect(traced.status).toBe((await rig.run(bundle)).status);
    const { init } = readTrace(file);
    const names = stepsIn(init);
    expect(names.indexOf('load-seccomp')).toBeLessThan(names.indexOf('find-program'));
    expect(names.at(-1)).toBe('execute');
  });

  promise('a file that cannot be written is an error before anything is made', async (rig) => {
    const bundle = await rig.bundle();
    const file = join(rig.runtimeDirectory, 'missing', 'trace');
    for (const verb of ['run', 'create']) {
      const ran = await rig.command([verb, '-b', bundle.path, '--trace', file, rig.newId()]);
      expect(ran.status).toBe(1);
      expect(ran.stderr).toContain(`open the trace: ${file}: open: no such file or directory`);
    }
    expect(existsSync(rig.stateDirectory)).toBe(false);
  });

  promise('a disk that is full is a warning, and the container runs', async (rig) => {
    const bundle = (await rig.bundle()).runs('exit 4');
    const ran = await rig.run(bundle, { flags: ['--trace', '/dev/full'] });
    expect(ran.status).toBe(4);
    expect(ran.stderr).toMatch(/level=warning.*write the trace.*no space left on device/);
  });

  promise('- is a file like any other; a pipe gets all of it in one piece', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo out; exit 5');
    const cwd = rig.directory('here');
    const line = ['run', '-b', bundle.path, '--trace', '-', rig.newId()];
    expect(await rig.command(line, { cwd })).toMatchObject({ status: 5, stdout: 'out\n' });
    expect(stepsIn(readTrace(join(cwd, '-')).attend)[0]).toBe('wait-process');
    const words = [
      ...rig.commandLine(),
      'run',
      '-b',
      bundle.path,
      '--trace',
      '/dev/fd/3',
      rig.newId(),
    ];
    const script = '{ "$@" 3>&1 >/dev/null; echo "$?" >status; } | cat >piped; cat status';
    const ran = await rig.execute(['sh', '-c', script, 'sh', ...words], { cwd });
    expect(ran.stdout).toBe('5\n');
    const piped = parseTrace(readFileSync(join(cwd, 'piped'), 'utf8'));
    expect(stepsIn(piped.attend)[0]).toBe('wait-process');
    expect(whyNotNested(piped)).toBeUndefined();
  });

  promise('at a terminal it is drawn as well, when the container has ended', async (rig) => {
    const bundle = (await rig.bundle()).runs('test -t 1 && echo inside; exit 6');
    bundle.edit(({ process }) => Object.assign(process, { terminal: true }));
    const file = traceFile(rig);
    const line = ['run', '-b', bundle.path, '--trace', file, rig.newId()];
    const terminal = await rig.terminal(line, { columns: 90, rows: 200 });
    const screen = await terminal.shows('[ended with 6]');
    const lines = screen.split('\n');
    expect(lines[0]).toBe('inside');
    const bars = lines.filter((text) => / ms$/.test(text));
    expect(new Set(bars.map((text) => text.length))).toEqual(new Set([90]));
    expect(bars[0]).toMatch(/^sampan run +#+ +\d+\.\d{3} ms$/);
    expect(bars.filter((text) => /^ {2}create (user, )?mount/.test(text))).toHaveLength(1);
    expect(screen).toMatch(/\nattend\n {2}relay-terminal +\d+\.\d{3} ms\n/);
    const { all } = readTrace(file);
    const drawn = all.filter(({ name }) => name !== 'trace-steps');
    expect(bars).toHaveLength(drawn.length);
  });

  promise('of create with a console socket and nobody at it', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { terminal: true }));
    const file = traceFile(rig);
    const socket = ['--console-socket', join(rig.dir, 'nobody')];
    const ran = await rig.command([
      ...['create', '-b', bundle.path, ...socket, '--trace', file, rig.newId()],
    ]);
    expect(ran.status).toBe(1);
    const trace = readTrace(file);
    expect(stepsIn(trace.init)).toContain('open-terminal');
    const failed = trace.all.filter(({ args }) => 'error' in args);
    expect(failed).toHaveLength(1);
    expect(failed[0]?.args['error']).toMatch(/--console-socket/);
  });
});
