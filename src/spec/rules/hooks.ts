// Hooks (config.md#posix-platform-hooks).

import type { Hook, HookStage } from '../config/hooks.js';
import { below, type Problems } from '../problem.js';
import { environment } from './process.js';
import { each, isAbsolute, type Rule } from './rule.js';

/** In the order of a container's life. Under another name there is no telling what is there. */
export const HOOK_STAGES: readonly HookStage[] = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
];

/** Each hook is named by an absolute path and has time to run. */
export const hooks: Rule = {
  reads: ['/hooks'],
  check(config, to) {
    if (config.hooks === undefined) return;
    for (const stage of HOOK_STAGES) {
      each(config.hooks[stage], (hook, i) => one(hook, below('/hooks', stage, i), to));
    }
  },
};

function one(hook: Hook, pointer: string, to: Problems): void {
  if (!isAbsolute(hook.path)) {
    to.error(`${pointer}/path`, `must be an absolute path, not "${hook.path}"`);
  }
  if (hook.timeout !== undefined && hook.timeout <= 0) {
    to.error(`${pointer}/timeout`, `must be greater than 0 seconds, not ${hook.timeout}`);
  }
  environment(hook.env, `${pointer}/env`, to);
}
