// Hooks as steps (config.md#posix-platform-hooks, runtime.md#lifecycle).

import type { Hook as ConfigHook, HookStage } from '../spec/config/hooks.js';
import type { Status } from '../spec/state.js';
import type { Config } from '../spec/types.js';
import { SPEC_VERSION } from '../spec/version.js';
import type { LaunchOptions } from './plan.js';
import type { Situation } from './situation.js';
import type { Hook, InitStep, RuntimeHook, Step } from './steps.js';

type RunHook = Extract<InitStep, { step: 'run-hook' }>;

/** What a hook is told of its container. */
export type Identity = Pick<LaunchOptions, 'id' | 'bundle'>;

/** Hooks that run when the launch is over: in the runtime's namespaces, by other commands too. */
export interface LaterHooks {
  readonly poststart: readonly RuntimeHook[];
  readonly poststop: readonly RuntimeHook[];
}

/** While all is set up and nothing of it hidden yet: first those of the runtime, in its namespaces. */
export function creationHooks({ config }: Situation, options: LaunchOptions): Step[] {
  if (config.hooks === undefined) return [];
  return [
    ...hooksOf(config, 'prestart', 'creating', options).map(ofRuntime),
    ...hooksOf(config, 'createRuntime', 'creating', options).map(ofRuntime),
    ...hooksOf(config, 'createContainer', 'creating', options).map(
      (hook): RunHook => ({
        ...{ step: 'run-hook', ...hook },
        ...{ inRoot: true, bound: true, container: 'container', hide: false },
      }),
    ),
  ];
}

/** With the rights of the program and below its filter: they may come from the container's image. */
export function startHooks({ config }: Situation, options: LaunchOptions): InitStep[] {
  if (config.hooks === undefined) return [];
  // A container that `start` let go runs on when that is killed.
  const bound = options.operation === 'run';
  return hooksOf(config, 'startContainer', 'created', options).map(
    (hook): RunHook => ({
      ...{ step: 'run-hook', ...hook, directory: '.' },
      ...{ inRoot: false, bound, container: 'container', hide: true },
    }),
  );
}

/** Undefined where there are none, as in nearly every configuration. */
export function laterHooks({ config }: Situation, options: LaunchOptions): LaterHooks | undefined {
  const poststart = hooksOf(config, 'poststart', 'running', options).map(ofRuntime);
  const poststop = hooksOf(config, 'poststop', 'stopped', options).map(ofRuntime);
  return poststart.length + poststop.length === 0 ? undefined : { poststart, poststop };
}

function ofRuntime(hook: Hook): RuntimeHook {
  return { step: 'run-runtime-hook', ...hook };
}

function hooksOf(config: Config, stage: HookStage, status: Status, identity: Identity): Hook[] {
  return (config.hooks?.[stage] ?? []).map((hook, index) => ({
    ...hookOf(hook),
    state: stateOf(config, identity, status),
    directory: identity.bundle,
    pointer: `/hooks/${stage}/${index}`,
  }));
}

/** Without `args` the path is argv[0], as execv(3) has it and as in runc. */
function hookOf({ path, args = [], env = [], timeout = 0 }: ConfigHook) {
  return {
    path,
    arguments: args.length === 0 ? [path] : args,
    environment: env,
    // poll(2) counts in milliseconds; this is 24 days.
    timeout: Math.min(Number(timeout), 2_000_000),
  };
}

/** The state object (runtime.md#state) in two parts around the pid, or whole for a stopped one. */
export function stateOf(
  { annotations }: Config,
  { id, bundle }: Identity,
  status: Status,
): string[] {
  const head = JSON.stringify({ ociVersion: SPEC_VERSION, id, status }).slice(0, -1);
  const tail = JSON.stringify({ bundle, ...(annotations ? { annotations } : {}) }).slice(1);
  return status === 'stopped' ? [`${head},${tail}`] : [`${head},"pid":`, `,${tail}`];
}
