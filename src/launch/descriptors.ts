// Descriptors that come from the caller for the container, and those that go back to it.

import * as fs from 'node:fs';
import { fail } from '../failure.js';
import { attempt } from '../host/system-failure.js';
import type { Addon } from '../native/addon.js';
import { inheritsUnchanged } from '../native/inherits.js';
import { addon } from '../native/load.js';
import { visible } from '../visible.js';

/** How many descriptors from 3 on the container keeps. */
export interface Kept {
  /** All of them. */
  readonly count: number;
  /** Those of them that are LISTEN_FDS (sd_listen_fds(3)). */
  readonly listen: number;
}

/** `--preserve-fds` and LISTEN_FDS together, each checked to come from the caller. */
export function keptDescriptors(preserve: number, env: NodeJS.ProcessEnv = process.env): Kept {
  const listen = env.LISTEN_PID === String(process.pid) ? numberOf(env.LISTEN_FDS ?? '0') : 0;
  const count = listen + preserve;
  // Loaded in any case: where the addon cannot be loaded, nothing has been made yet.
  const native = addon();
  for (let fd = 3; fd < 3 + count; fd += 1) {
    if (!isOfCaller(fd, native)) notOpen(fd, fd < 3 + listen);
  }
  return { count, listen };
}

function numberOf(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  const remedy = 'unset LISTEN_PID, or say how many they are';
  return fail({ doing: 'pass on LISTEN_FDS', cause: `"${visible(text)}" is no number`, remedy });
}

/**
 * Whether the caller opened it. What is opened here, the log above all, is close-on-exec and stays
 * out of the container (CVE-2024-21626). Node sets that on what it inherits too; but it starts with
 * an epoll instance, at the lowest number that the caller left free.
 */
function isOfCaller(fd: number, native: Addon): boolean {
  const flags = native.descriptorFlags(fd);
  if (inheritsUnchanged) return flags === 0;
  return flags !== -1 && fs.readlinkSync(`/proc/self/fd/${fd}`) !== 'anon_inode:[eventpoll]';
}

function notOpen(fd: number, listen: boolean): never {
  fail({
    doing: listen ? 'pass on LISTEN_FDS' : 'preserve descriptors',
    cause: `descriptor ${fd} is not open`,
    remedy: listen ? 'LISTEN_FDS says it is' : 'open it for this command, or lower --preserve-fds',
  });
}

/** Hands a descriptor to who listens on the unix socket `path` (`--console-socket`, `--pidfd-socket`). */
export function handOver(flag: string, path: string, fd: number, name: string): void {
  const remedy = 'who is to receive it must listen there before';
  const known = { doing: `connect to --${flag}`, path, remedy };
  attempt(known, () => addon().sendDescriptor(path, fd, name));
}
