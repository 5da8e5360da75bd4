// What a runtime says it can do (features.md, features-linux.md).

import * as z from 'zod/mini';
import { optFlag, optTexts, rare, text, textMap } from './config/scalar.js';

const enabled = z.object({ enabled: optFlag });

const seccomp = z.object({
  enabled: optFlag,
  actions: optTexts,
  operators: optTexts,
  archs: optTexts,
  knownFlags: optTexts,
  supportedFlags: optTexts,
});

const cgroup = z.object({
  v1: optFlag,
  v2: optFlag,
  systemd: optFlag,
  systemdUser: optFlag,
  rdma: optFlag,
});

const linux = z.object({
  namespaces: optTexts,
  capabilities: optTexts,
  cgroup: z.optional(cgroup),
  seccomp: z.optional(seccomp),
  apparmor: z.optional(enabled),
  selinux: z.optional(enabled),
  intelRdt: z.optional(
    z.object({
      enabled: optFlag,
      schemata: optFlag,
      monitoring: optFlag,
    }),
  ),
  memoryPolicy: z.optional(z.object({ modes: optTexts, flags: optTexts })),
  mountExtensions: z.optional(z.object({ idmap: z.optional(enabled) })),
  netDevices: z.optional(enabled),
});

/** The document `features` prints; an absent property means unknown, not unsupported. */
export const featuresSchema = z.object({
  ociVersionMin: text,
  ociVersionMax: text,
  hooks: optTexts,
  mountOptions: optTexts,
  linux: z.optional(linux),
  annotations: rare(textMap),
  potentiallyUnsafeConfigAnnotations: optTexts,
});

export type Features = z.infer<typeof featuresSchema>;
