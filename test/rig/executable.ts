// The runtime under test, and a copy of it where an ordinary user can reach it.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { cacheFolder } from './cache.js';
import type { Identity } from './identity.js';
import { sanitized, sanitizedExecutable } from './sanitizer.js';

const built = sanitized
  ? sanitizedExecutable
  : fileURLToPath(new URL('../../dist/sampan', import.meta.url));

/** A runtime's executable and the global options that this machine makes necessary. */
export interface Runtime {
  readonly path: string;
  readonly options: readonly string[];
}

/** What this repository builds. */
export const sampan: Runtime = { path: built, options: [] };

/** sampan, or what SAMPAN_RUNTIME names (to check the tests themselves against another runtime). */
export const runtime: Runtime = {
  path: process.env['SAMPAN_RUNTIME'] ?? built,
  options: (process.env['SAMPAN_RUNTIME_OPTIONS'] ?? '').split(' ').filter(Boolean),
};

/** Whether the runtime under test is this repository's. */
export const isSampan = runtime.path === built;

const reachable = new Map<string, string>();

/** The path of a runtime that `identity` can execute; a checkout below /root is out of its reach. */
export function runtimeFor(identity: Identity, { path }: Runtime = runtime): string {
  const key = `${identity.name} ${path}`;
  const known = reachable.get(key);
  if (known !== undefined) return known;
  if (!existsSync(path)) throw new Error(`${path} does not exist: npm run build`);
  const [command, ...args] = [...identity.prefix, 'test', '-x', path];
  const { exitCode } = execaSync(command ?? 'test', args, { reject: false });
  const executable = exitCode === 0 ? path : publicCopy(path);
  reachable.set(key, executable);
  return executable;
}

function publicCopy(path: string): string {
  const { mtimeMs, size } = statSync(path);
  const folder = join(cacheFolder(), 'bin');
  const name = `${basename(path)}-${size}-${Math.round(mtimeMs)}`;
  const copy = join(folder, name);
  if (existsSync(copy)) return copy;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  copyFileSync(path, `${copy}.${process.pid}`);
  renameSync(`${copy}.${process.pid}`, copy);
  // Copies of earlier builds; another test worker may be making that of this one.
  const older = readdirSync(folder).filter((other) => !other.startsWith(name));
  for (const other of older) rmSync(join(folder, other), { force: true });
  return copy;
}
