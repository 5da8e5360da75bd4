// The only place that loads the addon: once, when it is first needed.

import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Addon } from './addon.js';

// Set by the build of the executable (`--define`).
declare const SAMPAN_EXECUTABLE: boolean | undefined;

let loaded: Addon | undefined;

/** The native module. */
export function addon(): Addon {
  // src/engine/addon.ts has put it in place in the executable.
  loaded ??=
    typeof SAMPAN_EXECUTABLE === 'undefined' && import.meta.url.includes('/$bunfs/')
      ? fromExecutable()
      : fromFile();
  return loaded;
}

/** Puts another implementation in its place, or with undefined back. */
export function useAddon(other: Addon | undefined): void {
  loaded = other;
}

/** Under Node and an uncompiled Bun: the built file, from src/native or dist/lib/native. */
function fromFile(): Addon {
  const candidates = ['../../build/sampan.node', '../../../build/sampan.node'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return load(candidates.find((path) => fs.existsSync(path)) ?? (candidates[0] as string));
}

/** In the single executable; `require` is Bun's, resolved when that is built, and never met by Node. */
function fromExecutable(): Addon {
  const { loadEmbedded } = require('./load-embedded.js') as typeof import('./load-embedded.js');
  return loadEmbedded(load);
}

function load(path: string): Addon {
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports as Addon;
}
