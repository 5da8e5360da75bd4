// node:child_process in the executable: what src/ uses of it.

import system from 'sampan:system';

/** What a stream of the program is, for the system module. */
const KINDS = { ignore: -1, pipe: -2 } as const;

interface Options {
  /** For all three streams. By default the program's input is empty and its output is returned. */
  readonly stdio?: 'ignore' | 'inherit';
  readonly encoding?: 'utf8';
  readonly maxBuffer?: number;
}

interface Outcome {
  readonly error?: Error;
  /** Null for a program that was ended by a signal. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program, looked for in PATH, and waits for it. */
export function spawnSync(
  program: string,
  args: readonly string[],
  { stdio }: Options = {},
): Outcome {
  try {
    const { status, ...output } = system.spawn(program, [program, ...args], streams(stdio));
    return { status: status < 0 ? null : status, ...output };
  } catch (error) {
    return { error: spawnError(error, program, args), status: null, stdout: '', stderr: '' };
  }
}

function streams(stdio: Options['stdio']): number[] {
  if (stdio === 'inherit') return [0, 1, 2];
  if (stdio === 'ignore') return [KINDS.ignore, KINDS.ignore, KINDS.ignore];
  return [KINDS.ignore, KINDS.pipe, KINDS.pipe];
}

function spawnError(error: unknown, program: string, args: readonly string[]): Error {
  const { code, errno } = error as { code?: string; errno?: number };
  if (code === undefined) throw error;
  const syscall = `spawnSync ${program}`;
  const known = { errno, code, syscall, path: program, spawnargs: args };
  return Object.assign(new Error(`${syscall} ${code}`), known);
}
