// From the prepared root to the program: what create, run and exec have in common.

import type { Status } from '../spec/state.js';
import { credentialSteps } from './credentials.js';
import { type Additions, environment, hasHome, searchPath } from './environment.js';
import { executionSteps } from './execution.js';
import { labelledKeyring, labelSteps } from './labels.js';
import { rlimitSteps } from './rlimits.js';
import { schedulingSteps } from './scheduling.js';
import { seccompStep } from './seccomp.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** How the process begins. */
export interface Ending extends Additions {
  /** `create`: waits for `start`. */
  readonly awaitStart: boolean;
  /** Descriptors from 3 on that the program keeps. */
  readonly preserve: number;
  /** `startContainer` hooks. */
  readonly hooks?: readonly InitStep[];
  /** The container's state for a seccomp agent, in parts around the pid. */
  state(status: Status): readonly string[];
}

/** Labels, limits, credentials, the program; then ready, started, filtered, executed. */
export function processSteps(situation: Situation, ending: Ending): InitStep[] {
  const { process } = situation;
  const { umask } = process.user;
  const forbids = process.noNewPrivileges === true;
  const filter = seccompStep(situation, () =>
    ending.state(forbids && ending.awaitStart ? 'created' : 'creating'),
  );
  return [
    // Before a limit on open files stands in the way.
    ...labelSteps(situation),
    ...executionSteps(situation),
    ...rlimitSteps(situation),
    ...schedulingSteps(situation),
    umask === undefined
      ? { step: 'set-umask', mask: 0o022, because: 'default umask' }
      : { step: 'set-umask', mask: umask, pointer: '/process/user/umask' },
    ...findHome(situation),
    ...withdraw(ending.awaitStart),
    // Without no_new_privs seccomp(2) asks for CAP_SYS_ADMIN, which the next steps give up.
    ...(forbids ? [] : filter),
    // Images have directories that their user may not enter (/root), and file systems keep root out.
    { step: 'set-cwd', path: process.cwd, early: true, pointer: '/process/cwd' },
    ...credentialSteps(situation),
    { step: 'set-cwd', path: process.cwd, early: false, pointer: '/process/cwd' },
    findProgram(situation),
    ...handshake(ending.awaitStart),
    ...(forbids ? filter : []),
    ...(ending.hooks ?? []),
    execute(situation, ending),
  ];
}

/** A session and keyring of its own. */
export function sessionSteps(situation: Situation, noNewKeyring: boolean): InitStep[] {
  const session: InitStep = { step: 'new-session', because: 'default session' };
  const keyring: InitStep = { step: 'new-keyring', because: 'default session keyring' };
  return noNewKeyring ? [session] : [session, ...labelledKeyring(situation, keyring)];
}

/** While nothing stands in the way of reading the file: neither the filter nor the user's rights. */
function findHome(situation: Situation): InitStep[] {
  if (hasHome(situation)) return [];
  const { uid } = situation.process.user;
  return [{ step: 'find-home', uid, because: 'default HOME' }];
}

function findProgram(situation: Situation): InitStep {
  const program = situation.process.args[0] ?? '';
  const path = searchPath(situation);
  return { step: 'find-program', program, searchPath: path, pointer: '/process/args/0' };
}

/** While no filter stands in the way. One that waits can be met by processes of `exec`. */
export function withdraw(awaitStart: boolean): InitStep[] {
  const close: InitStep = {
    step: 'close-descriptors',
    start: 'start',
    because: 'default descriptors',
  };
  return awaitStart ? [close, { step: 'forbid-tracing', because: 'operation create' }] : [close];
}

/** The end of what `create` does. */
export function handshake(awaitStart: boolean): InitStep[] {
  const ready: InitStep = { step: 'report-ready', because: 'default handshake' };
  if (!awaitStart) return [ready];
  return [ready, { step: 'await-start', start: 'start', because: 'operation create' }];
}

function execute(situation: Situation, ending: Ending): InitStep {
  return {
    step: 'execute',
    arguments: situation.process.args,
    environment: environment(situation, ending),
    preserve: ending.preserve,
    listenFds: ending.listenFds,
    pointer: '/process/args',
  };
}
