// When and where the process may run: scheduler, I/O priority, CPU affinity of exec (config.md#linux-process).

import * as z from 'zod/mini';
import { integer, oneOf, optText, uint64 } from './scalar.js';

/** `process.scheduler` (sched_setattr(2)); runtime, deadline and period in nanoseconds. */
export const schedulerSchema = () =>
  z.object({
    policy: oneOf([
      'SCHED_OTHER',
      'SCHED_FIFO',
      'SCHED_RR',
      'SCHED_BATCH',
      'SCHED_ISO',
      'SCHED_IDLE',
      'SCHED_DEADLINE',
    ]),
    nice: z.optional(integer(-2147483648, 2147483647)),
    priority: z.optional(integer(-2147483648, 2147483647)),
    flags: z.optional(
      z.array(
        oneOf([
          'SCHED_FLAG_RESET_ON_FORK',
          'SCHED_FLAG_RECLAIM',
          'SCHED_FLAG_DL_OVERRUN',
          'SCHED_FLAG_KEEP_POLICY',
          'SCHED_FLAG_KEEP_PARAMS',
          'SCHED_FLAG_UTIL_CLAMP_MIN',
          'SCHED_FLAG_UTIL_CLAMP_MAX',
        ]),
      ),
    ),
    runtime: z.optional(uint64),
    deadline: z.optional(uint64),
    period: z.optional(uint64),
  });

/** `process.ioPriority` (ioprio_set(2)). */
export const ioPrioritySchema = () =>
  z.object({
    class: oneOf(['IOPRIO_CLASS_RT', 'IOPRIO_CLASS_BE', 'IOPRIO_CLASS_IDLE']),
    priority: z.optional(integer(0, 7)),
  });

/** `process.execCPUAffinity`: CPU lists such as `0-3,7` before and after joining the cgroup. */
export const execCpuAffinitySchema = () => z.object({ initial: optText, final: optText });

export type Scheduler = z.infer<ReturnType<typeof schedulerSchema>>;
export type IoPriority = z.infer<ReturnType<typeof ioPrioritySchema>>;
export type ExecCpuAffinity = z.infer<ReturnType<typeof execCpuAffinitySchema>>;
