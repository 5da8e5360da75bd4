// The state of a container as `state` prints it and hooks read it (runtime.md#state).

import * as z from 'zod/mini';
import { integer, oneOf, optText, rare, text, textMap } from './config/scalar.js';

/** The specification's four statuses, and `paused`, which every runtime adds. */
export const STATUSES = ['creating', 'created', 'running', 'stopped', 'paused'] as const;

/** The state object; `pid` is 0 or absent when there is no process. The last three are runc's. */
export const stateSchema = z.object({
  ociVersion: text,
  id: text,
  status: oneOf(STATUSES),
  pid: z.optional(integer(0, 4194304)),
  bundle: text,
  annotations: rare(textMap),
  rootfs: optText,
  created: optText,
  owner: optText,
});

export type Status = (typeof STATUSES)[number];
export type State = z.infer<typeof stateSchema>;
