// Who the process runs as (config.md#posix-platform-user).

import * as z from 'zod/mini';
import { id, object, optText, uint32 } from './scalar.js';

/** `process.user`. `checkConfig` fills in a missing uid or gid with 0, as runc does, and warns. */
export const userSchema = object({ uid: id, gid: id }, () => ({
  umask: z.optional(uint32),
  additionalGids: z.optional(z.array(id)),
  /** Windows only. */
  username: optText,
}));

export type User = z.infer<typeof userSchema>;
