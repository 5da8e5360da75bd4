// A recording twin of the addon: says what it was asked, and plays an init by a script.

import { openSync } from 'node:fs';
import type { Addon, Message, SpawnOptions } from '../../src/native/addon.js';
import { loadAddon } from '../../src/native/load-file.js';

/** What init says next; a function is asked at that moment, null is the end of the socket. */
export type Line = Message | null | (() => Message | null);

/** The words of one launch. */
export interface FakeAddon extends Addon {
  /** Calls in order, as `name argument…`. */
  readonly calls: string[];
  readonly spawned: SpawnOptions[];
}

const text = new TextEncoder();

/** A message of numbers, texts and descriptors. */
export function message(words: readonly number[], texts: string[] = [], fds: number[] = []) {
  const head = new Uint8Array(Uint32Array.from(words).buffer);
  const tail = texts.map((part) => text.encode(`${part}\0`));
  return { bytes: Buffer.concat([head, ...tail]), fds };
}

export const failed = (step: number, errno: number, syscall: string, path = '', detail = '') =>
  message([1, step, errno], [syscall, path, detail]);
export const reached = () => message([2, 0]);
export const forked = (pid: number) => message([3, pid], [], [descriptor()]);
export const terminal = () => message([4, 0], [], [descriptor()]);
export const ready = () => message([5, 0]);

/** A descriptor that may be closed. */
export function descriptor(): number {
  return openSync('/dev/null', 'r');
}

/** An error as the addon throws it. */
export function systemError(syscall: string, code: string, errno: number): Error {
  return Object.assign(new Error(`error ${errno}`), { syscall, code, errno });
}

/** An addon whose init says `script`. `refuse` makes calls throw, by name. */
export function fakeAddon(script: Line[], refuse: Record<string, () => Error> = {}): FakeAddon {
  const calls: string[] = [];
  const spawned: SpawnOptions[] = [];
  const lines = [...script];
  const note = (name: string, ...words: unknown[]) => {
    calls.push([name, ...words].join(' '));
    const error = refuse[name]?.();
    if (error) throw error;
  };
  const spawnInit = (options: SpawnOptions) => {
    spawned.push(options);
    note('spawnInit');
    return { pid: process.pid, pidfd: descriptor(), socket: descriptor() };
  };
  const receive = () => {
    const line = lines.shift();
    if (line === undefined) throw new Error('init has nothing more to say');
    return typeof line === 'function' ? line() : line;
  };
  const addon = {
    calls,
    spawned,
    spawnInit,
    receive,
    encodePlan: loadAddon().encodePlan,
    send: (_: number, bytes: Uint8Array) => note('send', bytes.length === 1 ? 'go' : 'plan'),
    listen: (_: number, name: string) => {
      note('listen', name);
      return descriptor();
    },
    pidfdSignal: (_: number, signal: number) => note('pidfdSignal', signal),
    wait: (pid: number) => {
      note('wait', pid === process.pid ? 'init' : pid);
      return 137;
    },
    waitEnded: () => true,
    runHelper: (path: string, args: string[]) => {
      note('runHelper', path, ...args.slice(1));
      return { status: 0, output: '' };
    },
    errorName: (errno: number) => ({ 1: 'EPERM', 2: 'ENOENT', 8: 'ENOEXEC', 13: 'EACCES' })[errno],
    errorText: (errno: number) =>
      ({ 1: 'operation not permitted', 2: 'no such file or directory', 13: 'permission denied' })[
        errno
      ] ?? `error ${errno}`,
  };
  return addon as unknown as FakeAddon;
}
