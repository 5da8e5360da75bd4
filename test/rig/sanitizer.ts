// The build with sanitizers (addon/cmake/sanitized.cmake), and the file in which its processes say what
// they found.

import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.js';

const top = fileURLToPath(new URL('../..', import.meta.url));

/** Whether the tests are to run that build. */
export const sanitized = process.env['SAMPAN_SANITIZED'] === '1';

/** How much longer than usual a test may take: a command takes three times as long. */
export const patience = sanitized ? 3 : 1;

/** What it is built as. */
export const sanitizedExecutable = join(top, 'build/sanitized/sampan');

/** The file of this checkout, where an ordinary user can reach it too. */
export function reportsFile(): string {
  const checkout = createHash('sha256').update(top).digest('hex').slice(0, 8);
  return join(cacheFolder(), `sanitizer-reports-${checkout}`);
}

/** Where the text begins, and how much of it there may be. */
const header = 8;
const room = 1 << 20;

/** Makes the file anew. */
export function emptyReports(): void {
  writeFileSync(reportsFile(), new Uint8Array(header + room));
  chmodSync(reportsFile(), 0o666);
}

/** What was found from byte `start` on. */
export function reportsFrom(start: number): string {
  const bytes = readFileSync(reportsFile());
  const end = Math.min(Number(bytes.readBigUInt64LE(0)), room);
  return bytes.toString('utf8', header + start, header + Math.max(start, end));
}

/** How much was found by now. */
export function reportedSoFar(): number {
  return sanitized ? Buffer.byteLength(reportsFrom(0)) : 0;
}

/** Throws if processes have found something since `start`. */
export function nothingReported(start: number): void {
  const found = sanitized ? reportsFrom(start) : '';
  if (found !== '') throw new Error(`the sanitizers report:\n${found}`);
}
