// Runs a command with its output in files, since a pipe would stay open as long as a container does.

import {
  chmodSync,
  chownSync,
  closeSync,
  fchownSync,
  mkdtempSync,
  openSync,
  readFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { isSampan } from './executable.js';
import type { Identity } from './identity.js';

/** How to run a command. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to the rig's environment. */
  readonly env?: Record<string, string>;
  /** What is on the standard input; nothing by default. */
  readonly input?: string;
  /** Milliseconds until the command is killed; 30 s by default. */
  readonly timeout?: number;
  /** Descriptors that the command has from 3 on. */
  readonly fds?: readonly number[];
}

/** How a command ended. */
export interface Ran {
  /** Exit status, 128+n after signal n as a shell has it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What is in the output by now; a detached container goes on writing to it. */
  outputSoFar(): string;
}

/** A command that runs. */
export interface Running {
  readonly pid: number;
  /** Resolves when the command has ended; it need not be waited for. */
  readonly ended: Promise<Ran>;
  outputSoFar(): string;
  signal(name: NodeJS.Signals): void;
}

/** Starts `argv` in `options.cwd` or `dir`; the files with its output are below `dir`. */
export function launch(
  argv: readonly string[],
  dir: string,
  environment: Record<string, string>,
  owner: Identity,
  options: RunOptions,
): Running {
  const folder = mkdtempSync(join(dir, 'output-'));
  const paths = [join(folder, 'stdout'), join(folder, 'stderr')] as const;
  chownSync(folder, owner.uid, owner.gid);
  chmodSync(folder, 0o755);
  const outputs = paths.map((path) => openFor(owner, path));
  const [file = '', ...args] = argv;
  // Not /dev/null for a peer: crun gives its own standard input to the container's user.
  const input = options.input ?? (isSampan ? undefined : '');
  const stdin = input === undefined ? 'ignore' : 'pipe';
  const stdio = [stdin, ...outputs, ...(options.fds ?? [])] as unknown as Options['stdio'];
  const child = execa(file, args, {
    cwd: options.cwd ?? dir,
    env: { ...environment, ...options.env },
    extendEnv: false,
    reject: false,
    timeout: options.timeout ?? 30_000,
    killSignal: 'SIGKILL',
    ...(stdio && { stdio }),
    ...(input !== undefined && { input }),
  });
  for (const fd of outputs) closeSync(fd);
  const read = () => readFileSync(paths[0], 'utf8');
  const ended = child.then((result): Ran => {
    const late = result.timedOut ? `${argv.join(' ')}: killed after its time was up\n` : '';
    const status = result.exitCode ?? statusOf(result.signal, result.originalMessage);
    const stderr = late + readFileSync(paths[1], 'utf8');
    return { status, stdout: read(), stderr, outputSoFar: read };
  });
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  return { pid: child.pid ?? 0, ended, outputSoFar: read, signal };
}

function openFor(owner: Identity, path: string): number {
  const fd = openSync(path, 'w', 0o644);
  fchownSync(fd, owner.uid, owner.gid);
  return fd;
}

/** The status of a command that did not exit. */
function statusOf(signal: string | undefined, message: string | undefined): number {
  const number = constants.signals[(signal ?? '') as NodeJS.Signals];
  if (number === undefined) throw new Error(message ?? 'the command could not be started');
  return 128 + number;
}
