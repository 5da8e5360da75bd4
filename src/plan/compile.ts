// The compiler: config.json and facts about the host in, launch plan out. No I/O.

import type { Failure } from '../failure.js';
import type { HostFacts } from '../host/facts.js';
import type { Status } from '../spec/state.js';
import type { Config, Process } from '../spec/types.js';
import { BindSources } from './bind-sources.js';
import { type CgroupPlace, cgroupPlace, createCgroup } from './cgroup.js';
import { readOnlyFolders } from './cgroup-mount.js';
import { deviceSteps } from './devices.js';
import { enterNamespaces } from './enter-namespaces.js';
import { type Compiled, finish } from './finish.js';
import { CLONE } from './flags.js';
import { creationHooks, laterHooks, startHooks, stateOf } from './hooks.js';
import { rootIsOther } from './id-maps.js';
import { warnIgnored } from './ignored.js';
import { keepMounts } from './kept-mounts.js';
import { lateReadOnly } from './late-read-only.js';
import { limitCgroup } from './limit-cgroup.js';
import { limitDevices } from './limit-devices.js';
import { maskingSteps } from './masking.js';
import { devIsBound, mountSteps } from './mounts.js';
import { has } from './namespaces.js';
import { netDeviceSteps } from './net-devices.js';
import { hostSteps } from './network-names.js';
import { notifySocket } from './notify.js';
import { ownCgroup } from './own-cgroup.js';
import type { LaunchOptions } from './plan.js';
import { checkPrivileges } from './privileges.js';
import { handshake, processSteps, sessionSteps, withdraw } from './process.js';
import { joinResctrl } from './resctrl.js';
import { enterRoot, openRoot } from './root.js';
import { compileSeccomp } from './seccomp.js';
import { type Situation, situationOf } from './situation.js';
import type { InitStep, Step } from './steps.js';
import { sysctlSteps } from './sysctl.js';
import { terminalSteps } from './terminal.js';
import { withUserNamespace } from './user-namespace.js';

/**
 * The plan of `create` and `run` for a valid `config`. The failure is what validation cannot know:
 * it depends on the host, the caller or the options.
 */
export function compile(config: Config, host: HostFacts, options: LaunchOptions): Compiled {
  // Only `start` needs one (config.md#process).
  if (config.process === undefined && options.operation === 'run') {
    return { ok: false, failure: noProcess };
  }
  const effective = withUserNamespace(config, host);
  const situation = situationOf(effective, config.process ?? UNSET, host, config);
  checkPrivileges(situation);
  warnIgnored(situation);
  const steps = launchSteps(situation, options);
  return finish(situation, options.operation, steps, laterHooks(situation, options));
}

/** Says nothing of what is there before `start`. */
const UNSET: Process = { cwd: '/', args: [], user: { uid: 0, gid: 0 } };

function launchSteps(situation: Situation, options: LaunchOptions): Step[] {
  const cgroup = cgroupPlace(situation, options);
  const early = rootIsOther(situation) && has(situation, CLONE.NEWNS);
  const sources = new BindSources(early);
  const inside = insideSteps(situation, options, sources, cgroup);
  const limits = [
    ...(cgroup?.scope ? [cgroup.scope] : []),
    ...limitDevices(situation, cgroup?.path, options.strict ?? false),
    ...joinResctrl(situation, options.id),
  ];
  // systemd takes a process that is there already.
  const intoCgroup = cgroup !== undefined && cgroup.scope === undefined;
  const birth = { intoCgroup, late: cgroup?.scope ? CLONE.NEWCGROUP : 0 };
  return [
    ...createCgroup(situation, cgroup),
    ...compileSeccomp(situation),
    ...listenStart(options),
    ...sources.mapped,
    ...enterNamespaces(situation, birth, limits, sources.steps),
    ...inside,
  ];
}

/** All that happens in the namespaces, as root of the user namespace at first. */
function insideSteps(
  situation: Situation,
  options: LaunchOptions,
  sources: BindSources,
  cgroup: CgroupPlace | undefined,
): Step[] {
  const { bundle, noNewKeyring } = options;
  const notify = notifySocket(situation, options, sources);
  const before = [
    ...sessionSteps(situation, noNewKeyring),
    ...hostSteps(situation),
    ...netDeviceSteps(situation),
    ...openRoot(situation, bundle, sources),
  ];
  const mounts = mountSteps(situation, { bundle, sources, cgroup: cgroup?.path });
  const inRoot = [
    ...deviceSteps(situation),
    ...terminalSteps(situation, has(situation, CLONE.NEWNS) && !devIsBound(situation)),
    ...makeCwd(situation),
    ...notify.steps,
    ...lateReadOnly(situation),
    ...readOnlyFolders(situation),
    ...creationHooks(situation, options),
    ...maskingSteps(situation),
  ];
  return [
    ...before,
    ...keepMounts(mounts, inRoot),
    ...mounts,
    ...inRoot,
    ...enterRoot(situation, options),
    ...sysctlSteps(situation),
    ...ownCgroup(situation, cgroup?.path),
    ...limitCgroup(situation, cgroup, options.strict ?? false),
    ...lastSteps(situation, options, notify.address),
  ];
}

function lastSteps(
  situation: Situation,
  options: LaunchOptions,
  notifySocket: string | undefined,
): InitStep[] {
  const { operation, listenFds, preserveFds: preserve } = options;
  const awaitStart = operation === 'create';
  if (situation.config.process === undefined)
    return [...withdraw(awaitStart), ...handshake(awaitStart)];
  const hooks = startHooks(situation, options);
  const state = (status: Status) => stateOf(situation.config, options, status);
  return processSteps(situation, { awaitStart, preserve, listenFds, notifySocket, hooks, state });
}

function listenStart({ operation }: LaunchOptions): Step[] {
  return operation === 'create' ? [{ step: 'listen-start', because: 'operation create' }] : [];
}

function makeCwd({ process }: Situation): InitStep[] {
  const target = process.cwd;
  return target === '/'
    ? []
    : [{ step: 'make-directory', target, mode: 0o755, pointer: '/process/cwd' }];
}

const noProcess: Failure = {
  doing: 'plan the container',
  pointer: '/process',
  cause: 'config.json has no process',
  remedy: 'add process with args and cwd',
};
