// Who the process runs as (config.md#posix-platform-user).

import * as z from 'zod/mini';
import { id, text, uint32 } from './scalar.js';

/** `process.user`. A missing uid or gid is 0, as in runc; `checkConfig` warns about it. */
export const userSchema = z.object({
  uid: z._default(id, 0),
  gid: z._default(id, 0),
  umask: z.optional(uint32),
  additionalGids: z.optional(z.array(id)),
  /** Windows only. */
  username: z.optional(text),
});

export type User = z.infer<typeof userSchema>;
