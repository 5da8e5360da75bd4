// The types of config.json and of the container state, for import without their schemas.

export type { BlockIo } from './config/block-io.js';
export type { Config } from './config/config.js';
export type { Device, DeviceRule } from './config/devices.js';
export type { IntelRdt, MemoryPolicy, NetDevices, Personality } from './config/hardware.js';
export type { Hook, HookStage, Hooks } from './config/hooks.js';
export type { Linux } from './config/linux.js';
export type { Mount, Root } from './config/mounts.js';
export type { IdMapping, Namespace, NamespaceType, TimeOffsets } from './config/namespaces.js';
export type { Capabilities, ConsoleSize, Process, Rlimit } from './config/process.js';
export type { Cpu, Memory, Resources } from './config/resources.js';
export type { ExecCpuAffinity, IoPriority, Scheduler } from './config/scheduling.js';
export type {
  Seccomp,
  SeccompAction,
  SeccompArg,
  SeccompOperator,
  SeccompRule,
} from './config/seccomp.js';
export type { User } from './config/user.js';
export type { Features } from './features.js';
export type { State, Status } from './state.js';
