// Carries out a launch plan: the runtime's steps here, init's over the socket.

import { Failed } from '../failure.js';
import { codeOf, isSystemError, systemFailure } from '../host/system-failure.js';
import { addon as loadAddon } from '../native/load.js';
import type { LaunchPlan } from '../plan/plan.js';
import { isInitStep, type RuntimeStep, type Slot, type Step } from '../plan/steps.js';
import { encodeSteps, type SlotValues } from '../plan/wire.js';
import { mark, tracer } from '../trace.js';
import { endedAsInit } from './ended-as-init.js';
import { openContainer } from './enter-container.js';
import { byFilter, ended, initFailure, stepFailure } from './explain-failure.js';
import { memoryLimitOf, outOfMemory, withPidsLimit } from './limits-reached.js';
import { handToAgent } from './listener.js';
import { decodeMessage, GO_ON } from './messages.js';
import type { Launched, Ports } from './ports.js';
import { carryOut } from './runtime-steps.js';
import { Session } from './session.js';

/** SIGKILL, as a shell tells it. */
const KILLED = 137;

/** How long a process that closed its socket may take to end by itself, in milliseconds. */
const ENDING_MS = 1000;
/** How long one that was killed may take from closing its socket to its end. */
const DYING_MS = 100;

/**
 * Launches. Returns when init has set everything up: for `create` it then waits for `start`, for
 * `run` and `exec` the program has been executed. Throws `Failed` naming the step's place in
 * config.json; then all that was made is undone.
 */
export function launch(plan: LaunchPlan, ports: Ports): Launched {
  const session = new Session(tracer()?.timed(plan) ?? plan, ports, loadAddon());
  try {
    if (ports.container) openContainer(session, ports.container);
    const { before, beside, awaited } = inOrder(session.plan.steps);
    session.awaited = awaited;
    for (const step of before) carryOutStep(session, step);
    sendPlan(session);
    for (const step of beside) carryOutStep(session, step);
    converse(session);
    session.finish();
    return resultOf(session);
  } catch (caught) {
    const error = withPidsLimit(session.cgroup ?? ports.container?.cgroup?.path, caught);
    session.undo();
    mark('undo');
    throw isSystemError(error) ? new Failed(systemFailure(error, { doing: 'launch' })) : error;
  }
}

/** Nothing of what init does needs these: it begins while they are carried out. */
const BESIDE_INIT: readonly Step['step'][] = ['save-state', 'limit-devices', 'set-oom-score'];

/**
 * The runtime's steps: those before init begins, those while it does its first ones, and those that
 * it waits for. Nothing but init runs before it asks the runtime for the first time, unless there
 * are hooks; and what a process that forks is to hand down, it must have before.
 */
function inOrder(steps: readonly Step[]) {
  const first = steps.findIndex(isInitStep);
  const early = steps.slice(0, first).filter(isRuntimeStep);
  const needed = early.findLastIndex(({ step }) => !BESIDE_INIT.includes(step)) + 1;
  const hurried = steps.some(({ step }) => step === 'run-hook' || step === 'fork');
  const split = hurried ? early.length : needed;
  return {
    before: early.slice(0, split),
    beside: early.slice(split),
    awaited: steps.slice(first).filter(isRuntimeStep),
  };
}

function isRuntimeStep(step: Step): step is RuntimeStep {
  return !isInitStep(step);
}

function carryOutStep(session: Session, step: RuntimeStep): void {
  try {
    carryOut(session, step);
  } catch (error) {
    throw tell(new Failed(stepFailure(step, error)), step);
  }
  mark(step.step, step);
}

/** Tells who traces of a failure. */
function tell(error: Failed, step?: Step): Failed {
  tracer()?.failed(error, step);
  return error;
}

function sendPlan(session: Session): void {
  const { bytes, origin } = encodeSteps(stepsFor(session), slotValues(session));
  session.origin = origin;
  say(session, bytes);
  mark('send-plan');
}

/** An init that has ended cannot be told anything; why it ended is read next. */
function say({ addon, socket }: Session, bytes: Uint8Array): void {
  try {
    addon.send(socket, bytes);
  } catch (error) {
    if (codeOf(error) !== 'EPIPE') throw error;
  }
}

/** Without a cgroup none can be entered. */
function stepsFor({ plan, slots }: Session): readonly Step[] {
  if (slots.has('cgroup')) return plan.steps;
  return plan.steps.map((step) =>
    step.step === 'fork' && step.intoCgroup ? { ...step, intoCgroup: false } : step,
  );
}

function slotValues({ slots, seccomp }: Session): SlotValues {
  const values: { -readonly [Name in Slot]?: number } = {};
  let index = 0;
  for (const name of slots.keys()) values[name] = index++;
  return seccomp === undefined ? values : { ...values, seccomp };
}

/** Until init is ready (`create`) or its end of the socket is closed by a successful execve(2). */
function converse(session: Session): void {
  for (;;) {
    const message = session.addon.receive(session.socket);
    if (message === null) break;
    const decoded = decodeMessage(message.bytes);
    const descriptor = message.fds[0] ?? -1;
    if (decoded.kind === 'failed') throw failureOf(session, decoded);
    if (decoded.kind === 'forked') session.adopt({ pid: decoded.pid, pidfd: descriptor });
    if (decoded.kind === 'terminal') session.terminal = descriptor;
    if (decoded.kind === 'reached') carryOutAwaited(session);
    if (decoded.kind === 'listener') passListener(session, descriptor);
    if (decoded.kind === 'ready' && release(session)) return;
  }
  endOfTalk(session);
}

/** init is at an `await-runtime`: it meets them in the order of the plan. */
function carryOutAwaited(session: Session): void {
  mark('init');
  const [step, ...rest] = session.awaited;
  if (step === undefined) throw new Error('init waits for a step that the plan does not have');
  session.awaited = rest;
  carryOutStep(session, step);
  say(session, GO_ON);
}

/** init loaded a filter that asks an agent, and waits until that can answer. */
function passListener(session: Session, descriptor: number): void {
  const step = session.plan.steps.find((candidate) => candidate.step === 'load-seccomp');
  if (step?.listener === undefined) throw new Error('init has a listener that nobody asked for');
  handToAgent(step.listener, session.process.pid, descriptor);
  say(session, GO_ON);
}

/** Whether the talk ends here: after `create`, init speaks to `start`. */
function release(session: Session): boolean {
  mark('init');
  session.ports.ready(resultOf(session));
  mark('announce');
  // From the next word on the program runs: a signal is no longer this process's own affair.
  if (session.ports.attended) session.addon.holdSignals();
  say(session, GO_ON);
  session.released = true;
  return session.plan.operation === 'create';
}

function endOfTalk(session: Session): void {
  mark('execute');
  if (session.released) {
    checkMemory(session);
    checkBegun(session);
    return;
  }
  if (!session.plan.steps.some((step) => step.step === 'report-ready')) return;
  session.addon.waitEnded(session.process.pidfd, ENDING_MS);
  const filtered = session.seccomp !== undefined;
  const status = session.reap() ?? 0;
  const killed =
    status === KILLED ? outOfMemory('start init', session.cgroup, session.plan) : undefined;
  throw tell(new Failed(killed ?? ended(status, filtered)));
}

/** For want of memory, as it executed the program: its socket is closed then, too. Who attends it says so later. */
function checkMemory({ plan, ports, cgroup, addon, process }: Session): void {
  if (ports.attended || memoryLimitOf(plan) === undefined) return;
  const killed = outOfMemory('execute the program', cgroup, plan);
  if (killed !== undefined && addon.waitEnded(process.pidfd, DYING_MS))
    throw tell(new Failed(killed));
}

/** As above, whoever killed it. Who attends it tells its status, but not that a filter is behind it. */
function checkBegun(session: Session): void {
  const { ports, process, seccomp, cgroup, plan } = session;
  const filtered = seccomp !== undefined;
  if ((ports.attended && !filtered) || !endedAsInit(process.pid)) return;
  const doing = 'execute the program';
  const status = session.reap() ?? 0;
  const memory = status === KILLED ? outOfMemory(doing, cgroup, plan) : undefined;
  const cause = 'the process was killed before it could';
  throw tell(new Failed(byFilter(status, filtered) ?? memory ?? { doing, cause }));
}

function failureOf(session: Session, failed: Parameters<typeof initFailure>[1]): Failed {
  const step = stepAt(session, failed.step);
  return tell(new Failed(initFailure(step, failed, session.addon)), step);
}

function stepAt({ plan, origin }: Session, wireIndex: number): Step {
  const step = plan.steps[origin[wireIndex] ?? -1];
  if (step === undefined)
    throw new Error(`init speaks of step ${wireIndex}, which it was not given`);
  return step;
}

function resultOf({ plan, process, terminal, cgroup, made }: Session): Launched {
  const memoryLimit = cgroup === undefined ? undefined : memoryLimitOf(plan);
  return {
    ...process,
    ...(terminal === undefined ? {} : { terminal }),
    ...(cgroup === undefined ? {} : { cgroup }),
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...made,
  };
}
