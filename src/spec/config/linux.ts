// The Linux section (config-linux.md).

import * as z from 'zod/mini';
import { devicesSchema } from './devices.js';
import { intelRdtSchema, memoryPolicySchema, netDevicesSchema, personalitySchema } from './hardware.js';
import { idMappingsSchema, namespaceSchema, timeOffsetsSchema } from './namespaces.js';
import { resourcesSchema } from './resources.js';
import { rare, text, textMap, texts } from './scalar.js';
import { seccompSchema } from './seccomp.js';

/** `linux`. */
export const linuxSchema = z.object({
  namespaces: z.optional(z.array(namespaceSchema)),
  uidMappings: rare(idMappingsSchema),
  gidMappings: rare(idMappingsSchema),
  timeOffsets: rare(timeOffsetsSchema),
  devices: rare(devicesSchema),
  netDevices: rare(netDevicesSchema),
  cgroupsPath: z.optional(text),
  resources: z.optional(resourcesSchema),
  rootfsPropagation: z.optional(text),
  seccomp: rare(seccompSchema),
  sysctl: rare(() => textMap),
  maskedPaths: z.optional(texts),
  readonlyPaths: z.optional(texts),
  mountLabel: z.optional(text),
  intelRdt: rare(intelRdtSchema),
  memoryPolicy: rare(memoryPolicySchema),
  personality: rare(personalitySchema),
});

export type Linux = z.infer<typeof linuxSchema>;
