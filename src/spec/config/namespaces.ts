// Namespaces, id maps and clock offsets (config-linux.md#namespaces and the two sections after it).

import * as z from 'zod/mini';
import { integer, mapOf, oneOf, optInt64, optText, uint32 } from './scalar.js';

/** The names `linux.namespaces[].type` can have. */
export const NAMESPACE_TYPES = [
  'pid',
  'network',
  'mount',
  'ipc',
  'uts',
  'user',
  'cgroup',
  'time',
] as const;

/** `linux.namespaces[]`: a new namespace, or with `path` one to join. */
export const namespaceSchema = z.object({
  type: oneOf(NAMESPACE_TYPES),
  path: optText,
});

/** `linux.uidMappings`, `linux.gidMappings` and those of a mount (user_namespaces(7)). */
export const idMappingsSchema = () =>
  z.array(z.object({ containerID: uint32, hostID: uint32, size: uint32 }));

/** `linux.timeOffsets`: seconds and nanoseconds by clock name (time_namespaces(7)). */
export const timeOffsetsSchema = () =>
  mapOf(z.object({ secs: optInt64, nanosecs: z.optional(integer(0, 999_999_999)) }));

export type NamespaceType = (typeof NAMESPACE_TYPES)[number];
export type Namespace = z.infer<typeof namespaceSchema>;
export type IdMapping = z.infer<ReturnType<typeof idMappingsSchema>>[number];
export type TimeOffsets = z.infer<ReturnType<typeof timeOffsetsSchema>>;
