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

const built = fileURLToPath(new URL('../../dist/sampan', import.meta.url));

/** dist/sampan, or what SAMPAN_RUNTIME names (to check the tests themselves against another runtime). */
export const runtime = process.env['SAMPAN_RUNTIME'] ?? built;

/** Whether the runtime under test is this repository's. */
export const isSampan = runtime === built;

const reachable = new Map<string, string>();

/** The path of the runtime that `identity` can execute; a checkout below /root is out of its reach. */
export function runtimeFor(identity: Identity): string {
  const known = reachable.get(identity.name);
  if (known !== undefined) return known;
  if (!existsSync(runtime)) throw new Error(`${runtime} does not exist: npm run build`);
  const [command, ...args] = [...identity.prefix, 'test', '-x', runtime];
  const { exitCode } = execaSync(command ?? 'test', args, { reject: false });
  const path = exitCode === 0 ? runtime : publicCopy();
  reachable.set(identity.name, path);
  return path;
}

function publicCopy(): string {
  const { mtimeMs, size } = statSync(runtime);
  const folder = join(cacheFolder(), 'bin');
  const name = `${basename(runtime)}-${size}-${Math.round(mtimeMs)}`;
  const copy = join(folder, name);
  if (existsSync(copy)) return copy;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  copyFileSync(runtime, `${copy}.${process.pid}`);
  renameSync(`${copy}.${process.pid}`, copy);
  // Copies of earlier builds; another test worker may be making that of this one.
  const older = readdirSync(folder).filter((other) => !other.startsWith(name));
  for (const other of older) rmSync(join(folder, other), { force: true });
  return copy;
}
