// Every configuration with a golden plan: fixtures, the default ones, and processes of exec.

import { readdirSync, readFileSync } from 'node:fs';
import type { HostFacts } from '../../src/host/facts.js';
import { compile } from '../../src/plan/compile.js';
import { compileExec, type ExecPlanOptions } from '../../src/plan/exec.js';
import type { Compiled } from '../../src/plan/finish.js';
import type { LaunchOptions } from '../../src/plan/plan.js';
import { defaultSpec } from '../../src/spec/default-spec.js';
import type { Config, Process } from '../../src/spec/types.js';
import { checkConfig } from '../../src/spec/validate.js';

/** Folder of the fixtures, with a slash at its end. */
export const fixtures = new URL('../../spec-fixtures/', import.meta.url).pathname;

/** One compilation. */
export interface Case {
  readonly name: string;
  readonly host: string;
  readonly config: Config;
  readonly compiled: Compiled;
}

/** Facts of a host by the name of its fixture. */
export function hostFacts(name: string): HostFacts {
  return JSON.parse(readFileSync(`${fixtures}hosts/${name}.json`, 'utf8'));
}

/** A configuration as the runtime sees it: checked and filled in. */
export function fixtureConfig(path: string): Config {
  const checked = checkConfig(readFileSync(`${fixtures}config/${path}.json`, 'utf8'));
  if (!checked.ok) throw new Error(`${path}: ${JSON.stringify(checked.problems)}`);
  return checked.config;
}

/** Good configurations; those whose feature is still to come have no plan. */
export function goodConfigs(): string[] {
  return namesIn('config/good').filter((name) => {
    const checked = checkConfig(readFileSync(`${fixtures}config/good/${name}.json`, 'utf8'));
    return (
      checked.ok || !checked.problems.every(({ message }) => message.endsWith('supported yet'))
    );
  });
}

/** Options of a launch with nothing special. */
export const plainOptions: LaunchOptions = {
  id: 'web',
  operation: 'run',
  bundle: '/srv/bundle',
  noPivot: false,
  noNewKeyring: false,
  preserveFds: 0,
  listenFds: 0,
  cgroupManager: 'cgroupfs',
};

const special: Record<string, Partial<LaunchOptions>> = {
  'no-pivot': { noPivot: true, noNewKeyring: true },
  'cgroups-path-systemd': { cgroupManager: 'systemd' },
  'systemd-limits': { cgroupManager: 'systemd' },
  'systemd-time-offsets': { cgroupManager: 'systemd', id: 'web+1' },
  'systemd-path-of-folders': { cgroupManager: 'systemd' },
  'systemd-bad-slice': { cgroupManager: 'systemd' },
  'systemd-bad-annotation': { cgroupManager: 'systemd' },
  'cgroups-disabled': { cgroupManager: 'disabled' },
  environment: { preserveFds: 5, listenFds: 2, notifySocket: '/run/user/1000/notify' },
  'user-namespace': { operation: 'create', notifySocket: '/run/notify' },
  'notify-socket-abstract': { notifySocket: '@notify' },
  seccomp: { operation: 'create' },
  'linux-seccomp-listener-of-all': { operation: 'create' },
  'hooks-in-order': { operation: 'create' },
  'created-without-process': { operation: 'create' },
};

const plainExec: ExecPlanOptions = {
  state: { ociVersion: '1.3.0', id: 'web', status: 'running', pid: 4422, bundle: '/srv/bundle' },
  intoCgroup: true,
  preserveFds: 0,
  listenFds: 0,
};

const shell: Process = { cwd: '/', args: ['sh'], user: { uid: 0, gid: 0 } };

const execs: Record<string, [config: string, process: Process, options: Partial<ExecPlanOptions>]> =
  {
    'exec-default': ['plan/names', shell, {}],
    'exec-user-namespace': ['plan/user-namespace', shell, { intoCgroup: false }],
    'exec-own-id': ['plan/user-namespace-own-id', shell, {}],
    'exec-joined-user-namespace': ['plan/joined-user-namespace', shell, {}],
    'exec-terminal': [
      'plan/terminal',
      { ...shell, terminal: true, consoleSize: { height: 50, width: 132 } },
      { preserveFds: 1, noNewKeyring: true },
    ],
    'exec-intel-rdt': ['good/linux-intel-rdt', shell, {}],
    'exec-seccomp': ['plan/seccomp', { ...shell, noNewPrivileges: true }, {}],
    'exec-seccomp-listener': ['good/linux-seccomp-listener-of-all', shell, {}],
    'exec-no-mount-namespace': ['plan/no-mount-namespace', shell, {}],
    'exec-no-namespaces': ['plan/no-namespaces', shell, {}],
    'exec-labels': [
      'plan/names',
      {
        ...shell,
        apparmorProfile: 'docker-default',
        selinuxLabel: 'system_u:system_r:container_t:s0:c1,c2',
      },
      {},
    ],
    'exec-scheduling': [
      'good/linux-memory-policy',
      {
        ...shell,
        oomScoreAdj: 500,
        scheduler: { policy: 'SCHED_IDLE' },
        ioPriority: { class: 'IOPRIO_CLASS_IDLE' },
        execCPUAffinity: { initial: '0', final: '1-2' },
      },
      {},
    ],
    'exec-unmapped-user': [
      'plan/user-namespace-own-id',
      { ...shell, user: { uid: 5, gid: 0 } },
      {},
    ],
  };

/** The names of a folder's JSON files. */
export function namesIn(folder: string): string[] {
  const files = readdirSync(`${fixtures}${folder}`).filter((file) => file.endsWith('.json'));
  return files.map((file) => file.slice(0, -'.json'.length)).sort();
}

/** Every case on every host. */
export function allCases(): Case[] {
  return namesIn('hosts').flatMap((host) => casesOn(host));
}

function casesOn(host: string): Case[] {
  const facts = hostFacts(host);
  const launch = (name: string, config: Config): Case => {
    const options = { ...plainOptions, ...special[name] };
    return { name, host, config, compiled: compile(config, facts, options) };
  };
  const ids = { uid: facts.uid, gid: facts.gid };
  return [
    launch('default', defaultSpec({ cgroup2: true })),
    launch('default-without-cgroup-namespace', defaultSpec({ cgroup2: false })),
    launch('default-rootless', defaultSpec({ cgroup2: true, rootless: ids })),
    ...goodConfigs().map((name) => launch(name, fixtureConfig(`good/${name}`))),
    ...namesIn('config/plan').map((name) => launch(name, fixtureConfig(`plan/${name}`))),
    ...Object.entries(execs).map(([name, [path, process, options]]) => {
      const config = fixtureConfig(path);
      const exec = { ...plainExec, ...options };
      return { name, host, config, compiled: compileExec(config, process, facts, exec) };
    }),
  ];
}
