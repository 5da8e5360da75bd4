// Limits of the container's cgroup (config-linux.md#control-groups).

import * as z from 'zod/mini';
import { blockIoSchema } from './block-io.js';
import { deviceRuleSchema } from './devices.js';
import {
  integer,
  mapOf,
  object,
  optFlag,
  optInt64,
  optText,
  rare,
  text,
  textMap,
  uint32,
  uint64,
} from './scalar.js';

/** `linux.resources.memory`, in bytes; -1 is unlimited. */
const memorySchema = () =>
  z.object({
    limit: optInt64,
    reservation: optInt64,
    swap: optInt64,
    kernel: optInt64,
    kernelTCP: optInt64,
    swappiness: z.optional(uint64),
    disableOOMKiller: optFlag,
    useHierarchy: optFlag,
    checkBeforeUpdate: optFlag,
  });

/** `linux.resources.cpu`; times in microseconds. */
const cpuSchema = () =>
  z.object({
    shares: z.optional(uint64),
    quota: optInt64,
    burst: z.optional(uint64),
    period: z.optional(uint64),
    realtimeRuntime: optInt64,
    realtimePeriod: z.optional(uint64),
    cpus: optText,
    mems: optText,
    idle: z.optional(integer(0, 1)),
  });

/** `linux.resources.pids`; -1 is unlimited, and since 1.3 0 is a limit. */
const pidsSchema = () => z.object({ limit: optInt64 });

/** `linux.resources.hugepageLimits`, in bytes per page size such as `2MB`. */
const hugepageLimitsSchema = () => z.array(z.object({ pageSize: text, limit: uint64 }));

/** `linux.resources.network` (cgroup v1 net_cls and net_prio). */
const networkSchema = () =>
  z.object({
    classID: z.optional(uint32),
    priorities: z.optional(z.array(z.object({ name: text, priority: uint32 }))),
  });

/** `linux.resources.rdma`, by device name. */
const rdmaSchema = () =>
  mapOf(z.object({ hcaHandles: z.optional(uint32), hcaObjects: z.optional(uint32) }));

/** `linux.resources`. */
export const resourcesSchema = object({ devices: z.optional(z.array(deviceRuleSchema)) }, () => ({
  memory: rare(memorySchema),
  cpu: rare(cpuSchema),
  pids: rare(pidsSchema),
  blockIO: rare(blockIoSchema),
  hugepageLimits: rare(hugepageLimitsSchema),
  network: rare(networkSchema),
  rdma: rare(rdmaSchema),
  /** cgroup v2 files and what to write to them. */
  unified: rare(textMap),
}));

export type Memory = z.infer<ReturnType<typeof memorySchema>>;
export type Cpu = z.infer<ReturnType<typeof cpuSchema>>;
export type Resources = z.infer<typeof resourcesSchema>;
