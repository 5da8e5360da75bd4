// Writes the default config.json, never over another one.

import * as fs from 'node:fs';
import { resolve } from 'node:path';
import { fail } from '../failure.js';
import { collectFacts } from '../host/collect.js';
import { attempt } from '../host/system-failure.js';
import type { Config } from '../spec/config/config.js';
import { defaultSpec } from '../spec/default-spec.js';

const doing = 'write the specification';

/** Writes `file` (default: config.json in `bundle`). */
export function writeSpec(bundle: string, file: string | undefined, rootless: boolean): void {
  const path = file ?? resolve(bundle, 'config.json');
  const text = JSON.stringify(specForHere(rootless), null, '\t');
  if (fs.existsSync(path))
    fail({ doing, path, cause: 'the file exists', remedy: 'remove it first' });
  attempt({ doing, path }, () => fs.writeFileSync(path, text, { flag: 'wx' }));
}

/** The default configuration for this host and, when `rootless`, for the caller's ids. */
export function specForHere(rootless: boolean): Config {
  const { uid, gid, cgroup } = collectFacts();
  return defaultSpec({
    cgroup2: cgroup.layout === 'v2',
    ...(rootless && { rootless: { uid, gid } }),
  });
}
