// What a runtime says it can do (features.md, features-linux.md).

import * as z from 'zod/mini';
import { flag, text, textMap, texts } from './config/scalar.js';

const enabled = z.object({ enabled: z.optional(flag) });

const seccomp = z.object({
  enabled: z.optional(flag),
  actions: z.optional(texts),
  operators: z.optional(texts),
  archs: z.optional(texts),
  knownFlags: z.optional(texts),
  supportedFlags: z.optional(texts),
});

const cgroup = z.object({
  v1: z.optional(flag),
  v2: z.optional(flag),
  systemd: z.optional(flag),
  systemdUser: z.optional(flag),
  rdma: z.optional(flag),
});

const linux = z.object({
  namespaces: z.optional(texts),
  capabilities: z.optional(texts),
  cgroup: z.optional(cgroup),
  seccomp: z.optional(seccomp),
  apparmor: z.optional(enabled),
  selinux: z.optional(enabled),
  intelRdt: z.optional(
    z.object({
      enabled: z.optional(flag),
      schemata: z.optional(flag),
      monitoring: z.optional(flag),
    }),
  ),
  memoryPolicy: z.optional(z.object({ modes: z.optional(texts), flags: z.optional(texts) })),
  mountExtensions: z.optional(z.object({ idmap: z.optional(enabled) })),
  netDevices: z.optional(enabled),
});

/** The document `features` prints; an absent property means unknown, not unsupported. */
export const featuresSchema = z.object({
  ociVersionMin: text,
  ociVersionMax: text,
  hooks: z.optional(texts),
  mountOptions: z.optional(texts),
  linux: z.optional(linux),
  annotations: z.optional(textMap),
  potentiallyUnsafeConfigAnnotations: z.optional(texts),
});

export type Features = z.infer<typeof featuresSchema>;
