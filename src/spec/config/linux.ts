// The Linux section (config-linux.md).

import * as z from 'zod/mini';
import { devicesSchema } from './devices.js';
import {
  intelRdtSchema,
  memoryPolicySchema,
  netDevicesSchema,
  personalitySchema,
} from './hardware.js';
import { idMappingsSchema, namespaceSchema, timeOffsetsSchema } from './namespaces.js';
import { resourcesSchema } from './resources.js';
import { object, optText, optTexts, rare, textMap } from './scalar.js';
import { seccompSchema } from './seccomp.js';

const idMappings = rare(idMappingsSchema);

const common = {
  namespaces: z.optional(z.array(namespaceSchema)),
  uidMappings: idMappings,
  gidMappings: idMappings,
  cgroupsPath: optText,
  resources: z.optional(resourcesSchema),
  rootfsPropagation: optText,
  maskedPaths: optTexts,
  readonlyPaths: optTexts,
  mountLabel: optText,
};

const rarer = () => ({
  timeOffsets: rare(timeOffsetsSchema),
  devices: rare(devicesSchema),
  netDevices: rare(netDevicesSchema),
  seccomp: rare(seccompSchema),
  sysctl: rare(textMap),
  intelRdt: rare(intelRdtSchema),
  memoryPolicy: rare(memoryPolicySchema),
  personality: rare(personalitySchema),
});

/** `linux`. */
export const linuxSchema = object(common, rarer);

export type Linux = z.infer<typeof linuxSchema>;
