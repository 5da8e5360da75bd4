// The only place that loads the addon: once, when it is first needed.

import type { Addon } from './addon.js';
import { loadAddon } from './load-file.js';

let loaded: Addon | undefined;

/** The native module. */
export function addon(): Addon {
  loaded ??= loadAddon();
  return loaded;
}

/** Puts another implementation in its place, or with undefined back; for tests. */
export function useAddon(other: Addon | undefined): void {
  loaded = other;
}
