// From a step that failed to the one line a person can act on, with the phrases callers match.

import { Failed, type Failure } from '../failure.js';
import { isSystemError, systemFailure } from '../host/system-failure.js';
import type { Addon } from '../native/addon.js';
import type { Step } from '../plan/steps.js';
import { describeStep } from './describe-step.js';
import { hookFailure, isHook } from './explain-hook.js';
import type { InitFailure } from './messages.js';
import { remedyFor } from './remedies.js';
import { whyNotExecuted } from './why-not-executed.js';

type ErrorNames = Pick<Addon, 'errorName' | 'errorText'>;

/** A step of the runtime itself that threw. A bug is thrown on. */
export function stepFailure(step: Step, error: unknown): Failure {
  const where = step.pointer === undefined ? {} : { pointer: step.pointer };
  if (error instanceof Failed) return { ...where, ...error.failure };
  if (!isSystemError(error)) throw error;
  const remedy = remedyFor(step, {
    errno: error.code,
    syscall: error.syscall,
    path: error.path ?? '',
  });
  const failure = systemFailure(error, { doing: describeStep(step), ...where });
  return remedy === undefined ? failure : { ...failure, remedy };
}

/** A step that init could not carry out. */
export function initFailure(step: Step, failed: InitFailure, names: ErrorNames): Failure {
  if (isHook(failed)) return hookFailure(failed, names);
  const where = step.pointer === undefined ? {} : { pointer: step.pointer };
  if (step.step === 'find-program')
    return { ...programFailure(step.program, failed, names, step.searchPath), ...where };
  if (step.step === 'execute') return { ...executeFailure(failed, names), ...where };
  const errno = names.errorName(failed.errno);
  const doing = describeStep(step);
  const remedy = remedyFor(step, { ...failed, errno });
  return {
    doing,
    ...where,
    ...(failed.path === '' || doing.includes(failed.path) ? {} : { path: failed.path }),
    syscall: failed.syscall,
    errno,
    cause: causeOf(failed, names),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** What `start` is told: only the last steps are left by then. */
export function startFailure(failed: InitFailure, names: ErrorNames): Failure {
  if (isHook(failed)) return hookFailure(failed, names);
  if (/^exec/.test(failed.syscall)) {
    return { ...executeFailure(failed, names), pointer: '/process/args/0' };
  }
  return {
    doing: 'start',
    ...(failed.syscall === 'seccomp' ? { pointer: '/linux/seccomp' } : {}),
    ...(failed.path === '' ? {} : { path: failed.path }),
    syscall: failed.syscall,
    errno: names.errorName(failed.errno),
    cause: causeOf(failed, names),
  };
}

/**
 * The broken rule in words, or what the kernel's errno means. What a file system says of itself is
 * `e tmpfs: Bad value for 'size'` and the end of the line (fsopen(2)).
 */
function causeOf({ errno, detail }: InitFailure, names: ErrorNames): string {
  const text = names.errorText(errno);
  if (detail === '') return text;
  return /^[ewi] /.test(detail) ? `${text}: ${detail.slice(2).trim().split('\n')[0]}` : detail;
}

/** SIGSYS of a filter, and SIGILL where that refuses even exit_group(2) (addon/program/end.h). */
const FILTERED = [128 + 31, 128 + 4];

const killedByFilter: Failure = {
  doing: 'launch',
  pointer: '/linux/seccomp',
  cause: 'the filter refused a system call that comes before the program, and the report of that',
  remedy:
    'allow at least execve, exit_group, sendto, recvfrom; with process.noNewPrivileges the filter is loaded last and less is needed',
};

/** An end of init that its filter brought about; `status` as a shell gives it. */
export function byFilter(status: number, filtered: boolean): Failure | undefined {
  return filtered && FILTERED.includes(status) ? killedByFilter : undefined;
}

/** init ended without a word. */
export function ended(status: number, filtered: boolean): Failure {
  const refused = byFilter(status, filtered);
  if (refused) return refused;
  const cause =
    status > 128 ? `init was killed by signal ${status - 128}` : `init ended with status ${status}`;
  const remedy = status === 137 ? 'see dmesg for the out-of-memory killer' : undefined;
  return { doing: 'launch', cause, ...(remedy ? { remedy } : {}) };
}

/** podman and dockerd take their exit codes 126 and 127 from these words. */
function programFailure(
  program: string,
  failed: InitFailure,
  names: ErrorNames,
  searchPath?: string,
): Failure {
  const doing = `exec: ${JSON.stringify(program)}`;
  const errno = names.errorName(failed.errno);
  const cause = names.errorText(failed.errno);
  if (errno === 'ENOENT' && !program.includes('/')) {
    const remedy = `it is looked for in ${searchPath} of the root filesystem`;
    return { doing, errno, cause: 'executable file not found in $PATH', remedy };
  }
  if (errno === 'ENOENT') {
    return {
      doing,
      errno,
      cause: `stat ${program}: ${cause}`,
      remedy: 'it is looked for in the root filesystem',
    };
  }
  if (errno !== 'EACCES') return { doing, syscall: failed.syscall, errno, cause };
  const reason = failed.detail || 'it is not a file with the execute bit on a mount without noexec';
  return { doing, errno, cause, remedy: reason };
}

function executeFailure(failed: InitFailure, names: ErrorNames): Failure {
  const failure = programFailure(failed.path, failed, names);
  const remedy = whyNotExecuted(failure.errno, failed.detail);
  if (remedy === undefined) return failure;
  return { ...failure, syscall: 'execve', cause: names.errorText(failed.errno), remedy };
}
