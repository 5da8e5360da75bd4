// The way into the namespaces, in the order that the kernel demands.

import type { TimeOffsets } from '../spec/types.js';
import { CLONE } from './flags.js';
import { becomeRoot, rootIsOther, userOrigin, writeIdMaps } from './id-maps.js';
import { creates, has, type Joined } from './namespaces.js';
import { oomScore } from './oom-score.js';
import { openProc } from './proc.js';
import type { Situation } from './situation.js';
import { type InitStep, isInitStep, type Origin, type Step } from './steps.js';
import { changedNamespaces } from './sysctl.js';
import { AUTOMATIC } from './user-namespace.js';

/** How the process comes to be in its cgroup. */
export interface Birth {
  /** Whether it is born there. */
  readonly intoCgroup: boolean;
  /** CLONE_NEWCGROUP where it is put there later: the cgroup it is in by then becomes the namespace's root. */
  readonly late: number;
}

/**
 * From `clone` to the process that the container's will be, before it becomes root of its user
 * namespace. `limits` hold before init does anything; `openSources` are carried out with the
 * caller's ids, in the final mount namespace.
 */
export function enterNamespaces(
  situation: Situation,
  birth: Birth,
  limits: readonly Step[],
  openSources: readonly InitStep[],
): Step[] {
  const general = situation.namespaces.joined.length > 0 || hasOffsets(situation);
  const steps = general ? generalPath(situation, birth) : fastPath(situation, birth);
  const first = steps.findIndex(isInitStep);
  const made = first < 0 ? steps : steps.slice(0, first);
  const inside = steps.slice(made.length);
  const root = becomeRoot(situation);
  return [...made, ...limits, ...inside, ...openSources, ...root, ...lateSteps(situation, birth)];
}

/**
 * Namespaces that the process makes as the container's root, and in its cgroup. The directory of an
 * ipc namespace's mqueue belongs to who made the namespace: where the container's root is another
 * user, it makes it itself (mq_overview(7)).
 */
function lateNamespaces(situation: Situation, { late }: Birth): number {
  return situation.namespaces.created & ((rootIsOther(situation) ? CLONE.NEWIPC : 0) | late);
}

function lateSteps(situation: Situation, birth: Birth): InitStep[] {
  const late = lateNamespaces(situation, birth);
  const each = [CLONE.NEWCGROUP, CLONE.NEWIPC].filter((flag) => (late & flag) !== 0);
  const pointer = (flag: number) => situation.namespaces.pointer(flag);
  return each.map((flags) => ({ step: 'unshare', flags, pointer: pointer(flags) }));
}

/** One clone3(2) with everything; the kernel makes the user namespace first (clone(2)). */
function fastPath(situation: Situation, birth: Birth): Step[] {
  const flags = situation.namespaces.created & ~lateNamespaces(situation, birth);
  const { intoCgroup } = birth;
  return [
    { step: 'clone', flags, intoCgroup, ...namespacesOrigin(situation) },
    ...writeIdMaps(situation),
    { step: 'save-state', because: 'default state' },
    ...oomScore(situation),
    ...openProc(situation, 'launch'),
  ];
}

function generalPath(situation: Situation, birth: Birth): Step[] {
  const { namespaces, host } = situation;
  const inside = [
    ...openProc(situation, 'launch'),
    ...openNamespaces(situation),
    ...forbidTracing(situation, 'first'),
    ...enterOrder(namespaces.joined, host.privileged),
    ...newUserNamespace(situation),
    ...forbidTracing(situation, 'mapped'),
    ...unshareRest(situation, birth),
    ...forbidTracing(situation, 'last'),
  ];
  const { intoCgroup } = birth;
  const first: Step = { step: 'clone', flags: 0, intoCgroup, ...namespacesOrigin(situation) };
  const score = oomScore(situation);
  const save: Step = { step: 'save-state', because: 'default state' };
  // Without a fork the pid of the first process is the container's.
  const fork = forkFor(situation);
  return fork === undefined
    ? [first, save, ...score, ...inside]
    : [first, ...score, ...inside, fork, save];
}

function openNamespaces(situation: Situation): InitStep[] {
  const changed = changedNamespaces(situation);
  return situation.namespaces.joined.map(({ path, type, pointer }, index) => {
    const foreign = (changed & type) !== 0;
    return { step: 'open-namespace', path, type, index, foreign, pointer };
  });
}

/**
 * setns(2) asks for CAP_SYS_ADMIN over the user namespace that owns the target. A privileged caller
 * has it over its own and all below, and loses it on entering a user namespace: that one is last.
 * Anyone else gets it by entering: that one is first.
 */
function enterOrder(joined: readonly Joined[], privileged: boolean): InitStep[] {
  const enter = joined.map(
    ({ type, pointer }, index): InitStep => ({ step: 'enter-namespace', index, type, pointer }),
  );
  const user = enter.filter((_, index) => joined[index]?.type === CLONE.NEWUSER);
  const others = enter.filter((_, index) => joined[index]?.type !== CLONE.NEWUSER);
  return privileged ? [...others, ...user] : [...user, ...others];
}

/**
 * Root of a joined user namespace could trace this process from the moment it enters, those in a
 * joined pid namespace what it forks (CVE-2016-9962): so before the first is entered. But files in
 * /proc/PID of a process that is not dumpable belong to root of the host: a new user namespace gets
 * its maps first, and one without privileges sets the offsets of its clocks first.
 */
function forbidTracing(situation: Situation, now: 'first' | 'mapped' | 'last'): InitStep[] {
  const { namespaces, host } = situation;
  const joined = (flag: number) => namespaces.joined.find(({ type }) => type === flag);
  const reason = joined(CLONE.NEWPID) ?? joined(CLONE.NEWUSER);
  const unprivileged = !host.privileged && hasOffsets(situation);
  const late = unprivileged ? 'last' : 'mapped';
  const when = unprivileged || creates(situation, CLONE.NEWUSER) ? late : 'first';
  return reason && when === now ? [{ step: 'forbid-tracing', pointer: reason.pointer }] : [];
}

function hasOffsets(situation: Situation): boolean {
  const clocks = Object.keys(situation.linux.timeOffsets ?? {});
  return clocks.length > 0 && creates(situation, CLONE.NEWTIME);
}

function newUserNamespace(situation: Situation): Step[] {
  if (!creates(situation, CLONE.NEWUSER)) return [];
  const made: InitStep = { step: 'unshare', flags: CLONE.NEWUSER, ...userOrigin(situation) };
  return [made, ...writeIdMaps(situation)];
}

/** The namespaces that unshare(2) can give to the caller itself; a pid namespace waits for the fork. */
function unshareRest(situation: Situation, birth: Birth): InitStep[] {
  const late = CLONE.NEWUSER | CLONE.NEWPID | lateNamespaces(situation, birth);
  const flags = situation.namespaces.created & ~late;
  const steps: InitStep[] =
    flags === 0 ? [] : [{ step: 'unshare', flags, pointer: '/linux/namespaces' }];
  if (!hasOffsets(situation)) return steps;
  return [...steps, timeOffsets(situation.linux.timeOffsets ?? {})];
}

function timeOffsets({ monotonic = {}, boottime = {} }: TimeOffsets): InitStep {
  return {
    step: 'set-time-offsets',
    monotonicSecs: monotonic.secs ?? 0,
    monotonicNanosecs: monotonic.nanosecs ?? 0,
    boottimeSecs: boottime.secs ?? 0,
    boottimeNanosecs: boottime.nanosecs ?? 0,
    pointer: '/linux/timeOffsets',
  };
}

/** A pid namespace takes its first process by fork(2), a new time namespace too. */
function forkFor(situation: Situation): InitStep | undefined {
  const pid = has(situation, CLONE.NEWPID);
  if (!pid && !creates(situation, CLONE.NEWTIME)) return undefined;
  const pointer = situation.namespaces.pointer(pid ? CLONE.NEWPID : CLONE.NEWTIME);
  const flags = situation.namespaces.created & CLONE.NEWPID;
  return { step: 'fork', flags, intoCgroup: false, cgroup: 'cgroup', pointer };
}

function namespacesOrigin({ linux, automatic }: Situation): Origin {
  if (automatic && linux.namespaces?.length === 1) return AUTOMATIC;
  if (linux.namespaces === undefined) return { because: 'default namespaces: none' };
  return { pointer: '/linux/namespaces' };
}
