// The root filesystem and what is mounted on it (config.md#root, config.md#mounts).

import * as z from 'zod/mini';
import { idMappingsSchema } from './namespaces.js';
import { flag, rare, text, texts } from './scalar.js';

/** `root`: `path` is absolute or relative to the bundle. */
export const rootSchema = z.object({ path: text, readonly: z.optional(flag) });

/** `mounts[]`, mounted in the listed order. */
export const mountSchema = z.object({
  destination: text,
  type: z.optional(text),
  source: z.optional(text),
  options: z.optional(texts),
  uidMappings: rare(idMappingsSchema),
  gidMappings: rare(idMappingsSchema),
});

export type Root = z.infer<typeof rootSchema>;
export type Mount = z.infer<typeof mountSchema>;
