// What every part of the compiler is given, and where it notes what goes wrong.

import type { Failure } from '../failure.js';
import type { HostFacts } from '../host/facts.js';
import type { Config, Linux, Process } from '../spec/types.js';
import type { Namespaces } from './namespaces.js';
import { resolveNamespaces } from './namespaces.js';
import type { PlanWarning } from './plan.js';

/** One compilation: what goes in, the namespaces worked out, and what was noted on the way. */
export interface Situation {
  readonly config: Config;
  readonly linux: Linux;
  readonly process: Process;
  readonly host: HostFacts;
  readonly namespaces: Namespaces;
  /** Whether the user namespace is there only because the caller has no privileges. */
  readonly automatic: boolean;
  readonly notes: Notes;
}

/** Warnings, and the first thing that makes a plan impossible. */
export class Notes {
  readonly warnings: PlanWarning[] = [];
  failure: Failure | undefined;

  /** Something asked for that will not happen. */
  warn(pointer: string, message: string, more: Pick<PlanWarning, 'usual'> = {}): void {
    this.warnings.push({ pointer, message, ...more });
  }

  /** The plan cannot be made; the caller goes on with any value. The first refusal is reported. */
  refuse(failure: Failure): void {
    this.failure ??= failure;
  }
}

/** Puts a compilation together; `asked` is the configuration before what is added for the caller. */
export function situationOf(
  config: Config,
  process: Process,
  host: HostFacts,
  asked: Config = config,
): Situation {
  const linux = config.linux ?? {};
  const namespaces = resolveNamespaces(linux);
  const automatic = config !== asked;
  return { config, linux, process, host, namespaces, automatic, notes: new Notes() };
}
