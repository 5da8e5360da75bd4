// Under Node the addon is a file. In the executable src/engine/load-file.ts takes this one's place.

import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Addon } from './addon.js';

/** The built file, from src/native or dist/lib/native. */
export function loadAddon(): Addon {
  const candidates = ['../../build/sampan.node', '../../../build/sampan.node'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const module = { exports: {} };
  process.dlopen(
    module,
    candidates.find((path) => fs.existsSync(path)) ?? (candidates[0] as string),
  );
  return module.exports as Addon;
}
