// Device nodes and the cgroup's allow list of devices (config-linux.md#devices, #allowed-device-list).

import * as z from 'zod/mini';
import { flag, id, oneOf, optInt64, optText, text, uint32 } from './scalar.js';

/** `linux.devices[]` (mknod(2)); `fileMode` is the permission bits as a number. */
export const devicesSchema = () =>
  z.array(
    z.object({
      type: oneOf(['c', 'b', 'u', 'p']),
      path: text,
      major: optInt64,
      minor: optInt64,
      fileMode: z.optional(uint32),
      uid: z.optional(id),
      gid: z.optional(id),
    }),
  );

/** `linux.resources.devices[]`; an absent type, major or minor means all. */
export const deviceRuleSchema = z.object({
  allow: flag,
  type: optText,
  major: optInt64,
  minor: optInt64,
  access: optText,
});

export type Device = z.infer<ReturnType<typeof devicesSchema>>[number];
export type DeviceRule = z.infer<typeof deviceRuleSchema>;
