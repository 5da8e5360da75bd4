// The launch plan of a bundle on this host, for `explain`.

import { readBundle } from '../container/bundle.js';
import { fail } from '../failure.js';
import { collectFacts } from '../host/collect.js';
import { keptDescriptors } from '../launch/descriptors.js';
import { compile } from '../plan/compile.js';
import type { LaunchOptions, LaunchPlan } from '../plan/plan.js';
import { given } from './verb.js';

/** What `explain` is told; the plan is that of `run`. */
export type PlanOptions = Pick<
  LaunchOptions,
  'id' | 'bundle' | 'noPivot' | 'noNewKeyring' | 'strict' | 'preserveFds' | 'cgroupManager'
> & { readonly config?: string };

/** Reads, checks and compiles as `run` does, and stops there. Rejects with `Failed`. */
export async function planOfBundle(options: PlanOptions): Promise<LaunchPlan> {
  const { config } = await readBundle(options);
  const { count, listen } = keptDescriptors(options.preserveFds);
  const compiled = compile(config, collectFacts(), {
    ...options,
    operation: 'run',
    preserveFds: count,
    listenFds: listen,
    ...given({ notifySocket: process.env.NOTIFY_SOCKET || undefined }),
  });
  return compiled.ok ? compiled.plan : fail(compiled.failure);
}
