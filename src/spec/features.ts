// What a runtime says it can do (features.md, features-linux.md).

import * as z from 'zod/mini';
import { flag, text, textMap, texts } from './config/scalar.js';

/** "Either absent or null": not known, which is not the same as false or none (features.md). */
const known = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));

const optFlag = known(flag);
const optTexts = known(texts);

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
  cgroup: known(cgroup),
  seccomp: known(seccomp),
  apparmor: known(enabled),
  selinux: known(enabled),
  intelRdt: known(
    z.object({
      enabled: optFlag,
      schemata: optFlag,
      monitoring: optFlag,
    }),
  ),
  memoryPolicy: known(z.object({ modes: optTexts, flags: optTexts })),
  mountExtensions: known(z.object({ idmap: known(enabled) })),
  netDevices: known(enabled),
});

/** The document `features` prints; an absent property means unknown, not unsupported. */
export const featuresSchema = z.object({
  ociVersionMin: text,
  ociVersionMax: text,
  hooks: optTexts,
  mountOptions: optTexts,
  linux: known(linux),
  annotations: known(textMap()),
  potentiallyUnsafeConfigAnnotations: optTexts,
});

export type Features = z.infer<typeof featuresSchema>;
