// The root filesystem and what is mounted on it (config.md#root, config.md#mounts).

import * as z from 'zod/mini';
import { idMappingsSchema } from './namespaces.js';
import { object, optFlag, optText, optTexts, rare, text } from './scalar.js';

/** `root`: `path` is absolute or relative to the bundle. */
export const rootSchema = z.object({ path: text, readonly: optFlag });

/** `mounts[]`, mounted in the listed order. */
export const mountSchema = object(
  { destination: text, type: optText, source: optText, options: optTexts },
  () => ({ uidMappings: rare(idMappingsSchema), gidMappings: rare(idMappingsSchema) }),
);

export type Root = z.infer<typeof rootSchema>;
export type Mount = z.infer<typeof mountSchema>;
