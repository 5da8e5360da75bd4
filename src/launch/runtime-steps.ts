// The steps of a plan that the runtime process carries out itself.

import * as fs from 'node:fs';
import { openCgroup } from '../cgroup/cgroup.js';
import { type CreateCgroupOptions, createCgroup } from '../cgroup/create.js';
import { limit } from '../cgroup/limit.js';
import { giveCgroup } from '../cgroup/own.js';
import type { Unit } from '../cgroup/systemd/manager.js';
import { type Failure, fail, render } from '../failure.js';
import { statProcess } from '../host/process.js';
import { codeOf, systemFailure } from '../host/system-failure.js';
import { log } from '../log.js';
import type { Spawned } from '../native/addon.js';
import type { RuntimeStep, Step } from '../plan/steps.js';
import { deviceFilter } from './device-filter.js';
import { stepFailure } from './explain-failure.js';
import { runHook } from './hooks.js';
import { hostUserOf, writeIdMaps } from './id-maps.js';
import { openMapped } from './mapped-mounts.js';
import { joinResctrl } from './resctrl.js';
import { compileSeccomp } from './seccomp.js';
import type { Session } from './session.js';

type StepNamed<Name> = Extract<RuntimeStep, { step: Name }>;

type Handlers = {
  [Name in RuntimeStep['step']]: (session: Session, step: StepNamed<Name>) => void;
};

const handlers: Handlers = {
  'create-cgroup': makeCgroup,
  'start-scope': startScope,
  'limit-devices': limitDevices,
  'limit-cgroup': limitCgroup,
  'own-cgroup': ownCgroup,
  'join-resctrl': (session, step) => {
    joinResctrl(step, session.process.pid, (path) =>
      session.makes({ resctrl: [...(session.made.resctrl ?? []), path] }),
    );
  },
  'move-network-device': ({ networkDevices, process, addon }, { device, name }) =>
    networkDevices.take(process.pid, device, name, addon),
  'compile-seccomp': makeFilter,
  'listen-start': listenStart,
  'open-stamps': ({ slots, addon }, { count }) =>
    slots.set('stamps', addon.tracing().openStamps(count)),
  'open-mapped': openMapped,
  clone,
  'write-id-maps': (session, step) => writeIdMaps(session.process.pid, step, session.addon),
  'set-oom-score': setOomScore,
  'save-state': saveState,
  'run-runtime-hook': (session, step) => runHook(step, session.process.pid, session.process.pidfd),
};

/** Carries out one step; what it makes goes into the session. Throws `Failed` or a system error. */
export function carryOut(session: Session, step: RuntimeStep): void {
  const handler = handlers[step.step] as (session: Session, step: RuntimeStep) => void;
  handler(session, step);
}

function makeCgroup(session: Session, step: StepNamed<'create-cgroup'>): void {
  session.cgroupIsOptional = step.optional;
  try {
    session.slots.set('cgroup', createCgroup(step.path, cgroupOptions(session, step)));
    session.cgroup = step.path;
  } catch (error) {
    if (!step.optional) throw error;
    doWithoutCgroup(session, stepFailure(step, error));
  }
}

function cgroupOptions(session: Session, { pointer }: Step): CreateCgroupOptions {
  const makesParents = (cgroupParents: string) => session.makes({ cgroupParents });
  // The default one is at the top of what the caller has.
  return { mayBeFrozen: pointer !== undefined, makesParents };
}

/** Noted before it is made: a unit whose launch was killed is still found. */
function startScope(session: Session, step: StepNamed<'start-scope'>): void {
  const { unit, manager, uid } = step;
  session.makes({ unit: { unit, manager, uid } });
  session.cgroup = systemdOf(session).startScope(step, session.process.pid);
  if (session.cgroup !== step.path) session.makes({ cgroup: session.cgroup });
  // Not for init, which has got its descriptors: for the filter of devices.
  const directory = openCgroup(session.cgroup);
  if (directory !== null) session.slots.set('cgroup', directory);
}

function systemdOf({ ports }: Session): NonNullable<Session['ports']['systemd']> {
  if (ports.systemd === undefined)
    throw new Error('the plan has a unit of systemd, and nothing to make it');
  return ports.systemd;
}

/** A default cgroup that could not be made takes no limits; that is never silent. */
function limitCgroup(session: Session, step: StepNamed<'limit-cgroup'>): void {
  if (session.cgroup !== undefined) {
    tellSystemd(session, step);
    limit(session.cgroup, step.writes);
    return;
  }
  const known = { doing: 'limit the cgroup', cause: 'the container has no cgroup of its own' };
  for (const { pointer } of step.writes) {
    if (step.strict) fail({ ...known, pointer });
    log('warning', render({ ...known, doing: 'limit not applied', pointer }));
  }
}

function tellSystemd(session: Session, { properties, strict }: StepNamed<'limit-cgroup'>): void {
  const { unit } = session.made;
  if (unit === undefined || properties === undefined) return;
  const cause = systemdOf(session).setLimits(unit, properties);
  if (cause === undefined) return;
  const failure = { doing: `set properties of ${unit.unit}`, pointer: '/linux/resources', cause };
  if (strict) fail(failure);
  log('warning', `${render(failure)}; a daemon-reload may undo the limits`);
}

function doWithoutCgroup(session: Session, failure: Failure): void {
  // Nobody asked for the default one; limits that have no effect are warnings of the plan.
  const level = failure.pointer === undefined ? 'debug' : 'warning';
  log(level, `${render(failure)}; the container runs without a cgroup of its own`);
  session.ports.withoutCgroup(failure);
}

/** Root of the host can give it to anybody, an ordinary user only to itself. */
function ownCgroup({ cgroup, process }: Session, step: StepNamed<'own-cgroup'>): void {
  const hostUid = hostUserOf(process.pid, step.uid);
  if (cgroup === undefined || hostUid === undefined) return;
  try {
    giveCgroup(cgroup, hostUid);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
    log('warning', `${render(stepFailure(step, error))}; it cannot divide its cgroup`);
  }
}

/** Before init does anything. */
function limitDevices({ slots, cgroup, addon }: Session, step: StepNamed<'limit-devices'>): void {
  const directory = slots.get('cgroup');
  if (cgroup === undefined || directory === undefined) return;
  addon.attachDeviceFilter(directory, deviceFilter(step.rules));
}

function makeFilter(session: Session, step: StepNamed<'compile-seccomp'>): void {
  session.seccomp = compileSeccomp(step.profile, session.addon);
  const { unknown } = session.seccomp;
  if (unknown.length > 0)
    log('debug', `seccomp: unknown system calls left out: ${unknown.join(' ')}`);
}

function listenStart({ ports, slots, addon }: Session): void {
  if (ports.directory === undefined) throw new Error('no state directory to listen in');
  slots.set('start', addon.listen(ports.directory, 'start.sock'));
}

function clone(session: Session, step: StepNamed<'clone'>): void {
  hold(session, spawn(session, step));
}

function hold(session: Session, { pid, pidfd, socket }: Spawned): void {
  session.child = { pid, pidfd };
  session.socket = socket;
}

/**
 * A group that may be made may still not be entered: EACCES where it was not delegated, EBUSY and
 * EOPNOTSUPP where controllers or threads forbid it (cgroups(7)).
 */
function spawn(session: Session, step: StepNamed<'clone'>): Spawned {
  const cgroup = step.intoCgroup ? session.slots.get('cgroup') : undefined;
  try {
    return spawnInto(session, step.flags, cgroup);
  } catch (error) {
    const refused = ['EACCES', 'EPERM', 'EBUSY', 'EOPNOTSUPP'].includes(codeOf(error) ?? '');
    if (cgroup === undefined || !refused) throw error;
    const { unit, cgroup: entered } = session.ports.container ?? {};
    // systemd is told a path, which not every cgroup has that a container made.
    if (unit && entered?.path) return spawnForUnit(session, step.flags, unit, entered.path);
    if (!session.cgroupIsOptional) throw error;
    const spawned = spawnInto(session, step.flags, undefined);
    leaveCgroup(session, error);
    return spawned;
  }
}

/**
 * From a session beside the user's manager no way leads into its units that the user may take;
 * systemd moves the process, which waits for its plan.
 */
function spawnForUnit(session: Session, flags: number, unit: Unit, cgroup: string): Spawned {
  const spawned = spawnInto(session, flags, undefined);
  hold(session, spawned);
  systemdOf(session).attach(unit, cgroup, spawned.pid);
  return spawned;
}

function spawnInto(
  { slots, ports, addon }: Session,
  flags: number,
  cgroup: number | undefined,
): Spawned {
  return addon.spawnInit({
    flags,
    cgroup: cgroup ?? -1,
    preserve: ports.preserve,
    slots: [...slots.values()],
  });
}

function leaveCgroup(session: Session, error: unknown): void {
  doWithoutCgroup(session, systemFailure(error, { doing: `enter the cgroup ${session.cgroup}` }));
  session.removeCgroup(0);
}

/** The child is this process's own, so the pid names no other. */
function setOomScore({ process }: Session, { score }: StepNamed<'set-oom-score'>): void {
  fs.writeFileSync(`/proc/${process.pid}/oom_score_adj`, String(score), { flag: 'r+' });
}

function saveState({ process, ports }: Session): void {
  const stat = statProcess(process.pid);
  if (stat === null)
    fail({ doing: 'write down the process', cause: `process ${process.pid} has ended` });
  ports.savePid({ pid: stat.pid, startTime: stat.startTime });
}
