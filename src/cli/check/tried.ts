// How a system call went.

import { isSystemError } from '../../host/system-failure.js';
import type { Tried } from './survey.js';

/** Makes the call; null where it worked. A bug is thrown on. */
export function tried(call: () => void): Tried {
  try {
    call();
    return null;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { syscall: error.syscall, errno: error.code };
  }
}
