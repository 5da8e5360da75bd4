// A hook that failed, in one line.

import type { Failure } from '../failure.js';
import type { Addon } from '../native/addon.js';
import type { InitFailure } from './messages.js';

/** Whether init speaks of a hook. */
export function isHook({ pointer }: InitFailure): boolean {
  return pointer.startsWith('/hooks/');
}

/** What to say of it. */
export function hookFailure(
  failed: InitFailure,
  names: Pick<Addon, 'errorName' | 'errorText'>,
): Failure {
  const { pointer, path, detail } = failed;
  const where = { doing: `run the hook ${path}`, pointer };
  const end = endOf(failed);
  if (end !== undefined) return { ...where, cause: end + written(detail) };
  const errno = names.errorName(failed.errno);
  const remedy = remedyFor(failed, errno);
  return {
    ...where,
    syscall: failed.syscall,
    errno,
    cause: names.errorText(failed.errno),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** How it ended; undefined where it could not begin. */
function endOf({ syscall, errno: number }: InitFailure): string | undefined {
  if (syscall === 'exit') return `it ended with status ${number}`;
  if (syscall === 'signal') return `it was killed by signal ${number}`;
  if (syscall === 'timeout') return `it was killed after its timeout of ${number} s`;
  return undefined;
}

/** What it wrote, on one line and without what a terminal would obey. */
function written(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(/\p{Cc}+/gu, ' ').trim());
  const text = lines.filter((line) => line !== '').join(', ');
  return text === '' ? '' : `: ${text}`;
}

function remedyFor({ pointer, syscall }: InitFailure, errno: string): string | undefined {
  if (syscall !== 'execve') return undefined;
  if (errno === 'ENOEXEC') return 'it is for another architecture, or a script without a #! line';
  if (errno === 'EACCES') return 'it is not a file with the execute bit on a mount without noexec';
  if (errno !== 'ENOENT') return undefined;
  return pointer.startsWith('/hooks/startContainer/')
    ? 'it is looked for in the root filesystem'
    : 'it is looked for on the host, not in the root filesystem';
}
