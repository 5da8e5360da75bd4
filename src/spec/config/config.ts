// The whole of config.json, specification 1.3 (config.md).

import * as z from 'zod/mini';
import { hooksSchema } from './hooks.js';
import { linuxSchema } from './linux.js';
import { mountSchema, rootSchema } from './mounts.js';
import { processSchema } from './process.js';
import { opaque, rare, text, textMap } from './scalar.js';

/** config.json. `process` may be absent until `start`; `root` is required on Linux. */
export const configSchema = z.object({
  ociVersion: text,
  root: rootSchema,
  mounts: z.optional(z.array(mountSchema)),
  process: z.optional(processSchema),
  hostname: z.optional(text),
  domainname: z.optional(text),
  hooks: rare(hooksSchema),
  annotations: rare(() => textMap),
  linux: z.optional(linuxSchema),
  solaris: z.optional(opaque),
  windows: z.optional(opaque),
  vm: z.optional(opaque),
  zos: z.optional(opaque),
  freebsd: z.optional(opaque),
});

export type Config = z.infer<typeof configSchema>;
