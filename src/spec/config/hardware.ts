// What reaches past the kernel's software: cache and memory bandwidth, NUMA policy, network devices, execution domain.

import * as z from 'zod/mini';
import { MEMORY_FLAGS, MEMORY_MODES, PERSONAS } from '../numbers.js';
import { mapOf, namesOf, oneOf, optFlag, optText, optTexts } from './scalar.js';

/** `linux.intelRdt` (config-linux.md#intelrdt); enableCMT and enableMBM ended with 1.3. */
export const intelRdtSchema = () =>
  z.object({
    closID: optText,
    schemata: optTexts,
    l3CacheSchema: optText,
    memBwSchema: optText,
    enableMonitoring: optFlag,
    enableCMT: optFlag,
    enableMBM: optFlag,
  });

/** `linux.memoryPolicy` (set_mempolicy(2)); `nodes` is a list such as `0-1,4`. */
export const memoryPolicySchema = () =>
  z.object({
    mode: oneOf(namesOf(MEMORY_MODES)),
    nodes: optText,
    flags: z.optional(z.array(oneOf(namesOf(MEMORY_FLAGS)))),
  });

/** `linux.netDevices`, by the host's device name; `name` is the one in the container. */
export const netDevicesSchema = () => mapOf(z.object({ name: optText }));

/** `linux.personality` (personality(2)). */
export const personalitySchema = () =>
  z.object({ domain: oneOf(namesOf(PERSONAS)), flags: optTexts });

export type IntelRdt = z.infer<ReturnType<typeof intelRdtSchema>>;
export type MemoryPolicy = z.infer<ReturnType<typeof memoryPolicySchema>>;
export type NetDevices = z.infer<ReturnType<typeof netDevicesSchema>>;
export type Personality = z.infer<ReturnType<typeof personalitySchema>>;
