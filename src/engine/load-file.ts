// In the executable the addon's functions are linked in.

import addon from 'sampan:addon';
import type { Addon } from '../native/addon.js';

export function loadAddon(): Addon {
  return addon;
}
