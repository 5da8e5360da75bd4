// The process of the container (config.md#process); also the document `exec --process` takes.

import * as z from 'zod/mini';
import { flag, integer, rare, text, texts, uint16, uint64 } from './scalar.js';
import { execCpuAffinitySchema, ioPrioritySchema, schedulerSchema } from './scheduling.js';
import { userSchema } from './user.js';

/** `process.capabilities`: five sets of `CAP_…` names (capabilities(7)). */
export const capabilitiesSchema = z.object({
  bounding: z.optional(texts),
  effective: z.optional(texts),
  inheritable: z.optional(texts),
  permitted: z.optional(texts),
  ambient: z.optional(texts),
});

/** `process.rlimits[]` (getrlimit(2)); 2^64-1 means no limit and reads as 2^64. */
export const rlimitSchema = z.object({ type: text, soft: uint64, hard: uint64 });

/** `process.consoleSize`, in characters; `ws_row` and `ws_col` are 16 bits (tty_ioctl(4)). */
const consoleSizeSchema = () => z.object({ height: uint16, width: uint16 });

/** `process`. */
export const processSchema = z.object({
  terminal: z.optional(flag),
  consoleSize: rare(consoleSizeSchema),
  cwd: text,
  env: z.optional(texts),
  args: texts,
  user: z._default(userSchema, { uid: 0, gid: 0 }),
  capabilities: z.optional(capabilitiesSchema),
  rlimits: z.optional(z.array(rlimitSchema)),
  noNewPrivileges: z.optional(flag),
  apparmorProfile: z.optional(text),
  selinuxLabel: z.optional(text),
  oomScoreAdj: rare(() => integer(-1000, 1000)),
  scheduler: rare(schedulerSchema),
  ioPriority: rare(ioPrioritySchema),
  execCPUAffinity: rare(execCpuAffinitySchema),
  /** Windows only. */
  commandLine: z.optional(text),
});

export type Capabilities = z.infer<typeof capabilitiesSchema>;
export type Rlimit = z.infer<typeof rlimitSchema>;
export type ConsoleSize = z.infer<ReturnType<typeof consoleSizeSchema>>;
export type Process = z.infer<typeof processSchema>;
