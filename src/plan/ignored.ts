// Properties of config.json that no step carries out yet: each is named, none is ignored in silence.

import { CLONE } from './flags.js';
import { creates } from './namespaces.js';
import type { Situation } from './situation.js';

const LINUX = ['intelRdt'] as const;
const MAPS = ['uidMappings', 'gidMappings'] as const;
const NOT_YET = 'not applied: not supported yet';

/** Warns of each one that is given. */
export function warnIgnored(situation: Situation): void {
  const { linux } = situation;
  warnEach(situation, '/linux', linux, LINUX);
  if (creates(situation, CLONE.NEWUSER)) return;
  warnEach(situation, '/linux', linux, MAPS, 'not applied: a joined user namespace has its maps');
}

function warnEach(
  { notes }: Situation,
  pointer: string,
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
  message = NOT_YET,
): void {
  for (const name of names) {
    if (isAsked(values[name])) notes.warn(`${pointer}/${name}`, message);
  }
}

/** An empty list, object or text asks for nothing. */
function isAsked(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
