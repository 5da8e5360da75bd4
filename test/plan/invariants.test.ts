// What holds for every plan, whatever the configuration: the kernel's order and the lessons of past attacks.

import { expect, test } from '@jest/globals';
import type { LaunchPlan } from '../../src/plan/plan.js';
import { isInitStep, type Step } from '../../src/plan/steps.js';
import { encodeSteps } from '../../src/plan/wire.js';
import type { Config } from '../../src/spec/types.js';
import { allCases, hostFacts } from './cases.js';

interface Planned {
  readonly name: string;
  readonly host: string;
  readonly config: Config;
  readonly plan: LaunchPlan;
}

const planned: Planned[] = allCases().flatMap(({ compiled, ...rest }) =>
  compiled.ok ? [{ ...rest, plan: compiled.plan }] : [],
);

const CLONE_NEWUSER = 0x10000000;
const CLONE_NEWPID = 0x20000000;

/** A promise about each plan that it applies to; there has to be one. */
function promise(
  name: string,
  applies: (view: View) => boolean,
  holds: (view: View) => void,
): void {
  const views = planned.map(viewOf).filter(applies);
  test(`${name} (${views.length} plans)`, () => {
    expect(views.length).toBeGreaterThan(0);
    for (const view of views) {
      try {
        holds(view);
      } catch (error) {
        throw new Error(`${view.host}/${view.name}: ${(error as Error).message}`);
      }
    }
  });
}

type View = ReturnType<typeof viewOf>;

function viewOf({ plan, ...rest }: Planned) {
  const { steps, operation, warnings } = plan;
  const names = steps.map(({ step }) => step);
  return {
    ...rest,
    steps,
    operation,
    warnings,
    names,
    first: (name: Step['step']) => names.indexOf(name),
    last: (name: Step['step']) => names.lastIndexOf(name),
    has: (name: Step['step']) => names.includes(name),
    all: <Name extends Step['step']>(name: Name) =>
      steps.filter((s): s is Extract<Step, { step: Name }> => s.step === name),
  };
}

const always = () => true;
const runs = ({ has }: View) => has('execute');
const isLaunch = ({ operation }: View) => operation !== 'exec';

promise(
  'every step says what asked for it, and the place exists',
  always,
  ({ steps, operation, config }) => {
    for (const { step, pointer, because } of steps) {
      expect([step, [pointer, because].filter(Boolean).length]).toEqual([step, 1]);
      if (pointer === undefined || operation === 'exec') continue;
      expect([step, pointer, resolve(config, pointer) !== undefined]).toEqual([
        step,
        pointer,
        true,
      ]);
    }
  },
);

promise(
  'every warning names a place and a reason',
  ({ warnings }) => warnings.length > 0,
  ({ warnings }) => {
    for (const { pointer, message } of warnings) {
      expect(pointer).toMatch(/^\//);
      expect(message).not.toBe('');
    }
  },
);

promise('it can be encoded', always, ({ steps }) => {
  const seccomp = { flags: 0, filter: new Uint8Array(8) };
  const { origin } = encodeSteps(steps, { start: 0, cgroup: 1, container: 2, seccomp });
  expect(origin[0]).toBe(steps.findIndex(isInitStep));
});

promise(
  'namespaces are opened before the first is entered',
  ({ has }) => has('enter-namespace'),
  ({ last, first, all }) => {
    expect(last('open-namespace')).toBeLessThan(first('enter-namespace'));
    const opened = all('open-namespace').map(({ index }) => index);
    const entered = all('enter-namespace').map(({ index }) => index);
    expect([...entered].sort()).toEqual(opened);
  },
);

promise(
  'with privileges the user namespace is entered last, without them first',
  ({ all }) => all('enter-namespace').some(({ type }) => type === CLONE_NEWUSER),
  ({ all, host }) => {
    const types = all('enter-namespace').map(({ type }) => type);
    expect(types.indexOf(CLONE_NEWUSER)).toBe(hostFacts(host).privileged ? types.length - 1 : 0);
  },
);

promise(
  'nobody in a joined pid namespace can trace init (CVE-2016-9962)',
  ({ all, operation }) =>
    operation === 'exec' || all('enter-namespace').some(({ type }) => type === CLONE_NEWPID),
  ({ has, first }) => {
    expect(has('forbid-tracing')).toBe(true);
    expect(first('forbid-tracing')).toBeLessThan(first('fork'));
    if (!has('enter-container')) return;
    expect(first('forbid-tracing')).toBeLessThan(first('enter-container'));
  },
);

promise(
  'root of a joined user namespace cannot trace init (CVE-2016-9962)',
  ({ all, host }) =>
    hostFacts(host).privileged && all('enter-namespace').some(({ type }) => type === CLONE_NEWUSER),
  ({ has, first }) => {
    expect(has('forbid-tracing')).toBe(true);
    expect(first('forbid-tracing')).toBeLessThan(first('enter-namespace'));
  },
);

promise(
  'maps are written before root is taken, and root before anything is set up',
  ({ has }) => has('become-root'),
  ({ first }) => {
    expect(first('write-id-maps')).toBeLessThan(first('become-root'));
    expect(first('become-root')).toBeLessThan(first('new-session'));
  },
);

promise(
  'sources are opened with the ids of the caller',
  ({ has }) => has('open-source'),
  ({ last, first, all }) => {
    expect(last('open-source')).toBeLessThan(first('become-root'));
    const opened = [...all('open-source'), ...all('take-source')].map(({ index }) => index);
    const used = [...all('open-root'), ...all('bind-mount')].map(({ index }) => index);
    expect(used.sort()).toEqual(opened.sort());
  },
);

promise('nothing is mounted or made once the root is entered', isLaunch, ({ first, names }) => {
  const enter = Math.max(first('pivot-root'), first('move-root'), first('change-root'));
  expect(enter).toBeGreaterThan(0);
  const file =
    /^(mount-|bind-|make-(directory|device|symlink|read-only)|mask-|open-(root|terminal))/;
  expect(names.slice(enter).filter((name) => file.test(name))).toEqual([]);
});

promise(
  'the target of proc and sysfs is a real directory (CVE-2023-28642)',
  ({ has }) => has('mount-filesystem'),
  ({ all }) => {
    for (const { type, realTarget } of all('mount-filesystem')) {
      expect(realTarget).toBe(type === 'proc' || type === 'sysfs');
    }
  },
);

promise(
  'the bounding set is limited before the user is set, the other sets after',
  runs,
  ({ first }) => {
    expect(first('set-bounding')).toBeLessThan(first('set-user'));
    expect(first('set-user')).toBeLessThan(first('set-capabilities'));
  },
);

promise(
  'inheritable capabilities are those written, ambient ones also inheritable and permitted',
  runs,
  ({ all, config }) => {
    const [sets] = all('set-capabilities');
    if (sets === undefined) throw new Error('no set-capabilities');
    const bits = (n: number) => BigInt(n);
    expect(bits(sets.ambient) & ~bits(sets.inheritable)).toBe(0n);
    expect(bits(sets.ambient) & ~bits(sets.permitted)).toBe(0n);
    expect(bits(sets.effective) & ~bits(sets.permitted)).toBe(0n);
    if (!config.process?.capabilities?.inheritable) expect(sets.inheritable).toBe(0);
  },
);

promise(
  'with no_new_privs the filter is loaded right before the program',
  ({ has }) => has('load-seccomp') && has('forbid-new-privileges'),
  ({ names }) => {
    expect(names.filter((name) => name !== 'run-hook').at(-2)).toBe('load-seccomp');
  },
);

promise(
  'without no_new_privs the filter is loaded while CAP_SYS_ADMIN is still there',
  ({ has }) => has('load-seccomp') && !has('forbid-new-privileges'),
  ({ first }) => expect(first('load-seccomp')).toBeLessThan(first('set-bounding')),
);

promise(
  'the filter is compiled before the clone',
  ({ has }) => has('load-seccomp'),
  ({ first, has }) => {
    expect(has('compile-seccomp')).toBe(true);
    expect(first('compile-seccomp')).toBeLessThan(first('clone'));
  },
);

promise(
  'hooks of creation stand between the last mount and the first mask, those of start at the end',
  ({ has }) => has('run-hook') || has('run-runtime-hook'),
  ({ steps, names, first, last }) => {
    const hooks = steps.filter((s) => s.step === 'run-hook' || s.step === 'run-runtime-hook');
    const stages = hooks.map(({ pointer = '' }) => pointer.split('/')[2]);
    const order = ['prestart', 'createRuntime', 'createContainer', 'startContainer'];
    expect(stages).toEqual(order.flatMap((stage) => stages.filter((s) => s === stage)));
    for (const [index, hook] of hooks.entries()) {
      const at = steps.indexOf(hook);
      if (stages[index] === 'startContainer') {
        expect(names.slice(at).filter((name) => name !== 'run-hook')).toEqual(['execute']);
        continue;
      }
      expect(at).toBeGreaterThan(Math.max(last('mount-filesystem'), last('make-device')));
      expect(at).toBeLessThan(first('pivot-root'));
      if (names.includes('mask-path')) expect(at).toBeLessThan(first('mask-path'));
    }
  },
);

promise(
  'only the hooks of the container’s own start are kept from what is the host’s',
  ({ has }) => has('run-hook'),
  ({ all }) => {
    for (const { pointer, hide, inRoot } of all('run-hook')) {
      expect(hide).toBe(pointer.startsWith('/hooks/startContainer/'));
      expect(inRoot).toBe(!hide);
    }
  },
);

promise(
  'the program is found before the runtime hears that all is ready, and comes last',
  runs,
  ({ first, has, names, operation }) => {
    expect(first('set-cwd')).toBeLessThan(first('find-program'));
    expect(first('find-program')).toBeLessThan(first('report-ready'));
    expect(names.at(-1)).toBe('execute');
    expect(has('await-start')).toBe(operation === 'create');
  },
);

promise(
  'nothing of the host is open when the kernel resolves paths of the container (CVE-2024-21626)',
  runs,
  ({ first, has }) => {
    const closed = first('close-descriptors');
    for (const later of ['set-cwd', 'find-program', 'execute'] as const)
      expect(closed).toBeLessThan(first(later));
    // Which may forbid it.
    if (has('load-seccomp')) expect(closed).toBeLessThan(first('load-seccomp'));
  },
);

promise(
  'without a program all else is made, and waits for a start that is refused',
  (view) => !runs(view),
  ({ names, config }) => {
    expect(config.process).toBeUndefined();
    const waits = ['close-descriptors', 'forbid-tracing', 'report-ready', 'await-start'];
    const end = ['pivot-root', ...waits];
    expect(names.slice(-5)).toEqual(end);
  },
);

promise('the process is written down as soon as its pid is known', isLaunch, ({ first, names }) => {
  const known = Math.max(first('clone'), first('fork'));
  const next = names.slice(known + 1).filter((name) => name !== 'write-id-maps')[0];
  expect(next).toBe('save-state');
});

test('a container that shares the cgroup namespace of a user gets its cgroup read-only (CVE-2023-25809)', () => {
  const binds = planned
    .filter(({ host }) => host === 'user')
    .flatMap(({ plan }) => plan.steps)
    .filter((s) => s.step === 'bind-mount')
    .filter(({ target }) => target === '/sys/fs/cgroup');
  expect(binds.length).toBeGreaterThan(0);
  for (const bind of binds) expect(bind.setAttributes & 1).toBe(1);
});

function resolve(document: unknown, pointer: string): unknown {
  let value = document;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return value;
}
