// When and where the process may run: scheduler, I/O priority, CPU affinity of exec (config.md#linux-process).

import * as z from 'zod/mini';
import { IO_CLASSES, SCHEDULER_FLAGS, SCHEDULER_POLICIES } from '../numbers.js';
import { integer, namesOf, oneOf, optText, uint64 } from './scalar.js';

/** `process.scheduler` (sched_setattr(2)); runtime, deadline and period in nanoseconds. */
export const schedulerSchema = () =>
  z.object({
    policy: oneOf(namesOf(SCHEDULER_POLICIES)),
    nice: z.optional(integer(-2147483648, 2147483647)),
    priority: z.optional(integer(-2147483648, 2147483647)),
    flags: z.optional(z.array(oneOf(namesOf(SCHEDULER_FLAGS)))),
    runtime: z.optional(uint64),
    deadline: z.optional(uint64),
    period: z.optional(uint64),
  });

/** `process.ioPriority` (ioprio_set(2)). */
export const ioPrioritySchema = () =>
  z.object({
    class: oneOf(namesOf(IO_CLASSES)),
    priority: z.optional(integer(0, 7)),
  });

/** `process.execCPUAffinity`: CPU lists such as `0-3,7` before and after joining the cgroup. */
export const execCpuAffinitySchema = () => z.object({ initial: optText, final: optText });

export type Scheduler = z.infer<ReturnType<typeof schedulerSchema>>;
export type IoPriority = z.infer<ReturnType<typeof ioPrioritySchema>>;
export type ExecCpuAffinity = z.infer<ReturnType<typeof execCpuAffinitySchema>>;
