// The launch plan of a bundle on this host, for `explain`.

import { resolve } from 'node:path';
import { fail } from '../failure.js';
import { collectFacts } from '../host/collect.js';
import { log } from '../log.js';
import { compile } from '../plan/compile.js';
import type { LaunchOptions, LaunchPlan } from '../plan/plan.js';
import { checkConfig, type Problem } from '../spec/validate.js';
import { readText } from './read-json.js';

/** What `explain` is told; the plan is that of `run`. */
export type PlanOptions = Pick<
  LaunchOptions,
  'id' | 'bundle' | 'noPivot' | 'noNewKeyring' | 'preserveFds' | 'cgroupManager'
> & { readonly config?: string };

/** Reads, checks and compiles. Fails with the first error of the configuration or of the host. */
export function planOfBundle({ config: file, ...options }: PlanOptions): LaunchPlan {
  const path = resolve(options.bundle, file ?? 'config.json');
  const checked = checkConfig(readText('explain', path), { unknown: false });
  if (!checked.ok) return refuse(path, checked.problems);
  for (const { pointer, message } of checked.warnings) log('warning', `${pointer}: ${message}`);
  const compiled = compile(checked.config, collectFacts(), {
    ...options,
    operation: 'run',
    listenFds: 0,
  });
  return compiled.ok ? compiled.plan : fail(compiled.failure);
}

function refuse(path: string, problems: readonly Problem[]): never {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [{ pointer, message } = { pointer: '', message: 'invalid' }] = errors;
  const more = errors.length - 1;
  const rest = more === 0 ? '' : ` and ${more} more ${more === 1 ? 'error' : 'errors'}`;
  fail({
    doing: 'explain',
    path,
    pointer,
    cause: `${message}${rest}`,
    remedy: 'sampan validate lists every problem',
  });
}
