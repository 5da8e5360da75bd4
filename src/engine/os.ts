// node:os in the executable: what src/ uses of it.

import system from 'sampan:system';

/** Of the kernel: `6.1.0-18-amd64`. */
export function release(): string {
  return system.release();
}

/** Where temporary files go. */
export function tmpdir(): string {
  const { TMPDIR, TMP, TEMP } = process.env;
  const path = TMPDIR || TMP || TEMP || '/tmp';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
