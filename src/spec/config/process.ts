// The process of the container (config.md#process); also the document `exec --process` takes.

import * as z from 'zod/mini';
import {
  integer,
  object,
  optFlag,
  optText,
  optTexts,
  rare,
  text,
  texts,
  uint64,
} from './scalar.js';
import { execCpuAffinitySchema, ioPrioritySchema, schedulerSchema } from './scheduling.js';
import { userSchema } from './user.js';

/** `process.capabilities`: five sets of `CAP_…` names (capabilities(7)). */
export const capabilitiesSchema = z.object({
  bounding: optTexts,
  effective: optTexts,
  inheritable: optTexts,
  permitted: optTexts,
  ambient: optTexts,
});

/** `process.rlimits[]` (getrlimit(2)); 2^64-1 means no limit and reads as 2^64. */
export const rlimitSchema = z.object({ type: text, soft: uint64, hard: uint64 });

/** `process.consoleSize`, in characters; `ws_row` and `ws_col` are 16 bits (tty_ioctl(4)). */
const consoleSizeSchema = () => z.object({ height: integer(0, 65535), width: integer(0, 65535) });

const common = {
  terminal: optFlag,
  cwd: text,
  env: optTexts,
  args: texts,
  user: userSchema,
  capabilities: z.optional(capabilitiesSchema),
  rlimits: z.optional(z.array(rlimitSchema)),
  noNewPrivileges: optFlag,
  apparmorProfile: optText,
  selinuxLabel: optText,
};

const rarer = () => ({
  consoleSize: rare(consoleSizeSchema),
  oomScoreAdj: z.optional(integer(-1000, 1000)),
  scheduler: rare(schedulerSchema),
  ioPriority: rare(ioPrioritySchema),
  execCPUAffinity: rare(execCpuAffinitySchema),
  /** Windows only. */
  commandLine: optText,
});

/** `process`. */
export const processSchema = object(common, rarer);

export type Capabilities = z.infer<typeof capabilitiesSchema>;
export type Rlimit = z.infer<typeof rlimitSchema>;
export type ConsoleSize = z.infer<ReturnType<typeof consoleSizeSchema>>;
export type Process = z.infer<typeof processSchema>;
