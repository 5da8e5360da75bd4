// Properties of config.json that no step carries out: each is named, none is ignored in silence.

import { CLONE } from './flags.js';
import { creates } from './namespaces.js';
import type { Situation } from './situation.js';

/** A user namespace that is joined has its maps already. */
export function warnIgnored(situation: Situation): void {
  const { linux, notes } = situation;
  if (creates(situation, CLONE.NEWUSER)) return;
  for (const name of ['uidMappings', 'gidMappings'] as const) {
    if (!linux[name]?.length) continue;
    notes.warn(`/linux/${name}`, 'not applied: a joined user namespace has its maps');
  }
}
