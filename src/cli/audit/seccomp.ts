// What a seccomp profile lets through (config-linux.md#seccomp).

import type { Seccomp, SeccompAction } from '../../spec/types.js';

/** Calls by what becomes of them. */
export interface AllowedCalls {
  /** What becomes of those that no rule names. */
  readonly others: SeccompAction;
  /** Whatever their arguments. */
  readonly allowed: readonly string[];
  /** With some arguments. */
  readonly conditional: readonly string[];
  /** Those that a rule names and does not let through. */
  readonly refused: readonly string[];
}

/** Actions after which the call is made; an agent or tracer decides itself. */
const LETS = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'];

/** Reads a profile. */
export function allowedCalls({ defaultAction, syscalls = [] }: Seccomp): AllowedCalls {
  const allowed = new Set<string>();
  const conditional = new Set<string>();
  const refused = new Set<string>();
  for (const { names, action, args = [] } of syscalls) {
    const lets = LETS.includes(action);
    const whole = args.length === 0;
    for (const name of names) {
      if (!whole) conditional.add(name);
      else (lets ? allowed : refused).add(name);
    }
  }
  const only = [...conditional].filter((name) => !allowed.has(name) && !refused.has(name));
  return {
    others: defaultAction,
    allowed: [...allowed].sort(),
    conditional: only.sort(),
    refused: [...refused].sort(),
  };
}

/** Whether it refuses nothing. */
export function isEmptyProfile(profile: Seccomp | undefined): boolean {
  if (profile === undefined || !LETS.includes(profile.defaultAction)) return false;
  return (profile.syscalls ?? []).every(({ action }) => LETS.includes(action));
}

/** Not bound to a namespace, or the way into the kernel of many an exploit. */
const RISKY = [
  ...['add_key', 'keyctl', 'request_key', 'bpf', 'perf_event_open', 'userfaultfd'],
  ...['io_uring_setup', 'kexec_load', 'kexec_file_load', 'init_module', 'finit_module'],
  ...['open_by_handle_at', 'move_pages', 'kcmp', 'lookup_dcookie'],
];

/** Those that the profile lets through whatever their arguments. */
export function riskyCalls(profile: Seccomp): string[] {
  const { others, allowed, conditional, refused } = allowedCalls(profile);
  if (!LETS.includes(others)) return RISKY.filter((name) => allowed.includes(name));
  return RISKY.filter((name) => !refused.includes(name) && !conditional.includes(name));
}
