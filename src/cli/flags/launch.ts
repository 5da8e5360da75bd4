// The flags that `create` and `run` share, and what they mean to the operation.

import { resolve } from 'node:path';
import type { CreateOptions } from '../../container/create.js';
import { type Argument, type Flags, given, type Values } from '../verb.js';

export const containerId = {
  name: 'container-id',
  description: 'name of the container, unique below --root',
  container: true,
} as const satisfies Argument;

export const bundleFlag = {
  bundle: {
    type: 'directory',
    alias: 'b',
    value: 'DIR',
    default: '.',
    description: 'directory of config.json and the root filesystem',
  },
} as const satisfies Flags;

/** What `create`, `run` and `exec` pass on. */
export const descriptorFlags = {
  'preserve-fds': {
    type: 'number',
    value: 'N',
    min: 0,
    max: 1048576,
    default: 0,
    description: 'pass N descriptors on, after stdio and those of LISTEN_FDS',
  },
} as const satisfies Flags;

/** What changes the launch plan; `explain` has them too. */
export const planFlags = {
  ...bundleFlag,
  config: {
    type: 'file',
    alias: 'f',
    value: 'FILE',
    description: 'read FILE instead of config.json',
  },
  'no-pivot': {
    type: 'switch',
    description: 'MS_MOVE and chroot instead of pivot_root, for a root on a ramdisk; less safe',
  },
  strict: { type: 'switch', description: 'fail when a limit of linux.resources cannot be applied' },
  'no-new-keyring': { type: 'switch', description: "keep the caller's session keyring" },
  ...descriptorFlags,
} as const satisfies Flags;

export const processFlags = {
  'console-socket': {
    type: 'file',
    value: 'SOCKET',
    description: 'unix socket that is sent the master end of the pseudo-terminal',
  },
  'pidfd-socket': {
    type: 'file',
    value: 'SOCKET',
    description: 'unix socket that is sent a pidfd of the process',
  },
  'pid-file': { type: 'file', value: 'FILE', description: 'write the pid to FILE' },
  trace: {
    type: 'file',
    value: 'FILE',
    description: 'write the time of each step to FILE, for Perfetto; draw it when at a terminal',
  },
} as const satisfies Flags;

export const createFlags = {
  ...planFlags,
  ...processFlags,
  'no-subreaper': {
    type: 'switch',
    hidden: true,
    description: 'accepted for runc and crun; there is no process that would reap',
  },
} as const satisfies Flags;

/** From the flags to what `compile` is told; the bundle becomes absolute. */
export function planOptions(flags: Values<typeof planFlags>) {
  return {
    bundle: resolve(flags.bundle),
    noPivot: flags['no-pivot'],
    noNewKeyring: flags['no-new-keyring'],
    strict: flags.strict,
    preserveFds: flags['preserve-fds'],
    ...given({ config: flags.config }),
  };
}

/** From the flags of `create` to its options. */
export function createOptions(id: string, flags: Values<typeof createFlags>): CreateOptions {
  return {
    id,
    ...planOptions(flags),
    ...given({
      consoleSocket: flags['console-socket'],
      pidfdSocket: flags['pidfd-socket'],
      pidFile: flags['pid-file'],
    }),
  };
}
