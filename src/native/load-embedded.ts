// Loads the addon that is embedded in the executable, without a name that another user could
// prepare or replace: dlopen(3) of an unnamed file.

import * as fs from 'node:fs';
// @ts-expect-error -- Bun's import of a file: its path inside the executable.
import embedded from '../../build/sampan.node' with { type: 'file' };
import type { Addon } from './addon.js';

/** O_TMPFILE | O_RDWR (open(2)): a file that never has a name. */
const UNNAMED = 0o20200000 | fs.constants.O_RDWR;
const MEMORY = '/dev/shm';

/** Loads it from memory; `load` is dlopen by path. */
export function loadEmbedded(load: (path: string) => Addon): Addon {
  const bytes = fs.readFileSync(embedded as string);
  const fast = open(() => fs.openSync(MEMORY, UNNAMED, 0o700));
  if (fast !== undefined) {
    try {
      return loadFrom(fast, bytes, load);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return loadFrom(anonymousMemory(), bytes, load);
}

function loadFrom(fd: number, bytes: Uint8Array, load: (path: string) => Addon): Addon {
  try {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at);
    return load(`/proc/self/fd/${fd}`);
  } finally {
    fs.closeSync(fd);
  }
}

/** Undefined where /dev/shm is missing, full, or does not have unnamed files. */
function open(make: () => number): number | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** A full /dev/shm (write) or one mounted noexec (dlopen's "failed to map segment"). */
function isRefusal(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return code === 'ENOSPC' || code === 'EDQUOT' || /failed to map|denied|permitted/.test(message);
}

/** memfd_create(2). bun:ffi compiles its call when it is first used, so this is the slow way. */
function anonymousMemory(): number {
  const { dlopen, ptr } = require('bun:ffi');
  const libc = dlopen('libc.so.6', {
    memfd_create: { args: ['ptr', 'u32'], returns: 'int' },
  });
  const name = Buffer.from('sampan.node\0');
  // MFD_CLOEXEC; with MFD_NOEXEC_SEAL where vm.memfd_noexec=2 demands it. Mapping is not execve(2).
  for (const flags of [1, 1 | 8]) {
    const fd = libc.symbols.memfd_create(ptr(name), flags) as number;
    if (fd >= 0) return fd;
  }
  throw new Error('memfd_create: no memory for the embedded addon');
}
