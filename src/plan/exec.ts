// The plan of `exec`: a further process in a running container.

import type { HostFacts } from '../host/facts.js';
import type { State } from '../spec/state.js';
import type { Config, Process } from '../spec/types.js';
import { type Compiled, finish } from './finish.js';
import { CLONE } from './flags.js';
import { becomeRoot } from './id-maps.js';
import { oomScore } from './oom-score.js';
import { openProc } from './proc.js';
import { processSteps, sessionSteps } from './process.js';
import { joinResctrlAgain } from './resctrl.js';
import { affinityStep } from './scheduling.js';
import { compileSeccomp } from './seccomp.js';
import { type Situation, situationOf } from './situation.js';
import type { InitStep, Step } from './steps.js';
import { terminalSteps } from './terminal.js';

/** What the command line and the container's state add to its config.json. */
export interface ExecPlanOptions {
  /** The container's. */
  readonly state: State;
  /** CLONE_NEW* of the namespaces to enter; default: all that config.json lists, new or by path. */
  readonly namespaces?: number;
  /** Whether slot `cgroup` holds the cgroup to be born in. */
  readonly intoCgroup: boolean;
  /** Descriptors to pass from 3 on: `--preserve-fds` plus LISTEN_FDS. */
  readonly preserveFds: number;
  /** Count of LISTEN_FDS, 0 for none. */
  readonly listenFds: number;
  /** `--no-new-keyring` of the container; otherwise the process gets a session keyring of its own. */
  readonly noNewKeyring?: boolean;
}

/** The plan for `process` in a container made from `config`; pointers are into `config` or `process`. */
export function compileExec(
  config: Config,
  process: Process,
  host: HostFacts,
  options: ExecPlanOptions,
): Compiled {
  const situation = situationOf(config, process, host);
  const flags = options.namespaces ?? situation.namespaces.own;
  const { noNewKeyring = false, preserveFds: preserve, listenFds } = options;
  const state = () => [JSON.stringify(options.state)];
  return finish(situation, 'exec', [
    ...compileSeccomp(situation),
    ...enter(situation, flags, options),
    ...sessionSteps(situation, noNewKeyring),
    ...affinityStep(situation, 'final'),
    ...terminalSteps(situation, false),
    ...processSteps(situation, { awaitStart: false, preserve, listenFds, state }),
  ]);
}

/**
 * Born in the container's cgroup: from inside its cgroup namespace the way there would lead through
 * a cgroup out of sight, which nsdelegate forbids (cgroups(7)). The fork enters the pid namespace.
 */
function enter(
  situation: Situation,
  flags: number,
  { intoCgroup, state }: ExecPlanOptions,
): Step[] {
  const origin = { because: 'operation exec' };
  const root: InitStep[] = flags & CLONE.NEWUSER ? becomeRoot(situation) : [];
  return [
    ...born(situation, intoCgroup, state.id),
    ...enterContainer(flags, state.pid ?? 0),
    ...root,
    ...takeRoot(flags),
    { step: 'fork', flags: 0, intoCgroup: false, cgroup: 'cgroup', ...origin },
  ];
}

/** Where it may run before it is in the cgroup, the first process is not born there. */
function born(situation: Situation, intoCgroup: boolean, id: string): Step[] {
  const origin = { because: 'operation exec' };
  const affinity = affinityStep(situation, 'initial');
  const late = affinity.length > 0 && intoCgroup;
  const fork: InitStep = { step: 'fork', flags: 0, intoCgroup, cgroup: 'cgroup', ...origin };
  return [
    { step: 'clone', flags: 0, intoCgroup: intoCgroup && !late, ...origin },
    ...joinResctrlAgain(situation, id),
    ...oomScore(situation),
    ...openProc(situation, 'exec'),
    // Not to be traced by what runs in the container already (CVE-2016-9962).
    { step: 'forbid-tracing', ...origin },
    ...affinity,
    ...(late ? [fork] : []),
  ];
}

function enterContainer(flags: number, pid: number): InitStep[] {
  if (flags === 0) return [];
  const pointer = '/linux/namespaces';
  return [{ step: 'enter-container', container: 'container', flags, pid, pointer }];
}

/** Its root comes with its mount namespace; without one the process would be on the host. */
function takeRoot(flags: number): InitStep[] {
  if (flags & CLONE.NEWNS) return [];
  const origin = { pointer: '/linux/namespaces' };
  return [
    { step: 'take-root', root: 'root', ...origin },
    { step: 'change-root', ...origin },
  ];
}
