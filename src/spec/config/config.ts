// The whole of config.json, specification 1.3 (config.md).

import * as z from 'zod/mini';
import { hooksSchema } from './hooks.js';
import { linuxSchema } from './linux.js';
import { mountSchema, rootSchema } from './mounts.js';
import { processSchema } from './process.js';
import { object, optText, rare, text, textMap } from './scalar.js';

const common = {
  ociVersion: text,
  root: rootSchema,
  mounts: z.optional(z.array(mountSchema)),
  process: z.optional(processSchema),
  hostname: optText,
  domainname: optText,
  linux: z.optional(linuxSchema),
};

/** A part for another platform, carried but not read. */
const opaque = () => z.optional(z.unknown());

const rarer = () => ({
  /** For editors; not of the specification. */
  $schema: opaque(),
  hooks: rare(hooksSchema),
  annotations: rare(textMap),
  solaris: opaque(),
  windows: opaque(),
  vm: opaque(),
  zos: opaque(),
  freebsd: opaque(),
});

/** config.json. `process` may be absent until `start`; `root` is required on Linux. */
export const configSchema = object(common, rarer);

export type Config = z.infer<typeof configSchema>;
