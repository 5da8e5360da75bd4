// Limits of the container's cgroup (config-linux.md#control-groups).

import * as z from 'zod/mini';
import { blockIoSchema } from './block-io.js';
import { deviceRuleSchema } from './devices.js';
import { flag, int64, integer, rare, text, textMap, uint32, uint64 } from './scalar.js';

/** `linux.resources.memory`, in bytes; -1 is unlimited. */
const memorySchema = () =>
  z.object({
    limit: z.optional(int64),
    reservation: z.optional(int64),
    swap: z.optional(int64),
    kernel: z.optional(int64),
    kernelTCP: z.optional(int64),
    swappiness: z.optional(uint64),
    disableOOMKiller: z.optional(flag),
    useHierarchy: z.optional(flag),
    checkBeforeUpdate: z.optional(flag),
  });

/** `linux.resources.cpu`; times in microseconds. */
const cpuSchema = () =>
  z.object({
    shares: z.optional(uint64),
    quota: z.optional(int64),
    burst: z.optional(uint64),
    period: z.optional(uint64),
    realtimeRuntime: z.optional(int64),
    realtimePeriod: z.optional(uint64),
    cpus: z.optional(text),
    mems: z.optional(text),
    idle: z.optional(integer(0, 1)),
  });

/** `linux.resources.pids`; -1 is unlimited, and since 1.3 0 is a limit. */
const pidsSchema = () => z.object({ limit: z.optional(int64) });

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
  z.record(
    text,
    z.object({ hcaHandles: z.optional(uint32), hcaObjects: z.optional(uint32) }),
  );

/** `linux.resources`. */
export const resourcesSchema = z.object({
  devices: z.optional(z.array(deviceRuleSchema)),
  memory: rare(memorySchema),
  cpu: rare(cpuSchema),
  pids: rare(pidsSchema),
  blockIO: rare(blockIoSchema),
  hugepageLimits: rare(hugepageLimitsSchema),
  network: rare(networkSchema),
  rdma: rare(rdmaSchema),
  /** cgroup v2 files and what to write to them. */
  unified: rare(() => textMap),
});

export type Memory = z.infer<ReturnType<typeof memorySchema>>;
export type Cpu = z.infer<ReturnType<typeof cpuSchema>>;
export type Resources = z.infer<typeof resourcesSchema>;
