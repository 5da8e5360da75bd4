// Programs run at points of the container's life (config.md#posix-platform-hooks).

import * as z from 'zod/mini';
import { optInt64, optTexts, text } from './scalar.js';

/** `hooks`; `timeout` in seconds. */
export const hooksSchema = () => {
  const hook = z.object({
    path: text,
    args: optTexts,
    env: optTexts,
    timeout: optInt64,
  });
  const hooks = z.optional(z.array(hook));
  return z.object({
    prestart: hooks,
    createRuntime: hooks,
    createContainer: hooks,
    startContainer: hooks,
    poststart: hooks,
    poststop: hooks,
  });
};

export type Hooks = z.infer<ReturnType<typeof hooksSchema>>;
export type HookStage = keyof Hooks;
export type Hook = NonNullable<Hooks['prestart']>[number];
