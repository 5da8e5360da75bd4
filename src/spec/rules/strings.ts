// Strings that no system call can take.

import { below, type Problems } from '../problem.js';

/** Reports every NUL in a name or string of `value`: it would end the string early in the kernel. */
export function nulBytes(value: unknown, to: Problems, pointer = ''): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) to.error(pointer, 'must not contain a NUL byte');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const at = below(pointer, key);
    if (key.includes('\0')) to.error(at, 'the name of a property must not contain a NUL byte');
    nulBytes(item, to, at);
  }
}
